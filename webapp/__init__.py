"""Inkling's page, its two hosts (a Gradio app, a static site), and its pad as a Gradio component."""

from typing import Any


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as Python asks for it
    """`Sketchpad`, and with it Gradio, when it is first asked for."""
    if name == "Sketchpad":
        from webapp.sketchpad import Sketchpad

        return Sketchpad
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
