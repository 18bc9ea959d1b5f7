"""What a host may set by environment variables; every one has a good default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mnist_core.errors import InklingError, SettingsError
from mnist_core.runs.recipes import DEFAULT_RUN, find_run

KNOWN = ["INKLING_DEFAULT_RUN", "INKLING_FRAME_ANCESTORS"]
FRAME_ANCESTORS = ("https://huggingface.co",)  # a Space is shown in a frame there
# A host, or all below it, with a scheme and a port or without; or all hosts of a scheme; or all.
FRAME_ANCESTOR = re.compile(
    r"([a-z][a-z0-9+.-]{0,20}://)?(\*\.)?([a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}(:([0-9]{1,5}|\*))?"
    r"|[a-z][a-z0-9+.-]{0,20}:|\*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Settings:
    """Where the page is served, and which run it opens with.

    `root_path`: the path under which a proxy shows the page, such as "/inkling"; "" is the root.
    `frame_ancestors`: other sites that may show the Gradio app in a frame, as a content security policy
    names them.
    """

    host: str
    port: int
    root_path: str
    default_run: str
    frame_ancestors: tuple[str, ...] = FRAME_ANCESTORS

    @property
    def url(self) -> str:
        """The address that the page has, as far as it can be known here."""
        if self.root_path.startswith("http"):
            return self.root_path
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.root_path}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check the settings; SettingsError says which one is wrong and what it may be.

    MNIST_DATA and GRADIO_ANALYTICS_ENABLED are only checked here; `mnist_folder` and Gradio read them.
    """
    for name in sorted(environment):
        if name.startswith("INKLING_") and name not in KNOWN:
            raise SettingsError(f"Unknown setting {name}; there is: {', '.join(KNOWN)}.")
    _check_folder(environment.get("MNIST_DATA") or "")
    _check_switch(environment.get("GRADIO_ANALYTICS_ENABLED") or "False")
    everywhere = "0.0.0.0" if "SPACE_ID" in environment else "127.0.0.1"
    return Settings(
        host=environment.get("GRADIO_SERVER_NAME") or everywhere,
        port=_port(environment.get("GRADIO_SERVER_PORT") or "7860"),
        root_path=_root_path(environment.get("GRADIO_ROOT_PATH") or ""),
        default_run=_run(environment.get("INKLING_DEFAULT_RUN") or DEFAULT_RUN),
        frame_ancestors=_frame_ancestors(environment.get("INKLING_FRAME_ANCESTORS") or ""),
    )


def _check_folder(value: str) -> None:
    if value and Path(value).exists() and not Path(value).is_dir():
        raise SettingsError(f"MNIST_DATA is {value!r:.60}, which is no folder; name one, new or not.")


def _check_switch(value: str) -> None:
    if value not in ("True", "False"):
        raise SettingsError(f"GRADIO_ANALYTICS_ENABLED is {value!r:.60}; it must be True or False.")


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"GRADIO_SERVER_PORT is {value!r:.60}; it must be a number from 1 to 65535.")
    return int(value)


def _root_path(value: str) -> str:
    if value and not value.startswith(("/", "http://", "https://")):
        raise SettingsError(f"GRADIO_ROOT_PATH is {value!r:.60}; it must start with a slash, like /inkling.")
    return value.rstrip("/")


def _frame_ancestors(value: str) -> tuple[str, ...]:
    """Sites as they are parted by commas or blanks; those of the default where there are none."""
    sites = tuple(value.replace(",", " ").split())
    for site in sites:
        if not FRAME_ANCESTOR.fullmatch(site):
            raise SettingsError(
                f"INKLING_FRAME_ANCESTORS names {site!r:.60}, which is no site; "
                "write them like https://blog.example, with blanks between them."
            )
    return sites or FRAME_ANCESTORS


def _run(value: str) -> str:
    try:
        return find_run(value).id
    except InklingError as error:
        raise SettingsError(f"INKLING_DEFAULT_RUN: {error}") from None
