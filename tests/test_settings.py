"""What a host may set by environment variables."""

from pathlib import Path

import pytest

from mnist_core.errors import SettingsError
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.settings import Settings, read_settings


def test_nothing_has_to_be_set() -> None:
    assert read_settings({}) == Settings("127.0.0.1", 7860, "", DEFAULT_RUN)


def test_a_space_is_served_to_everyone() -> None:
    assert read_settings({"SPACE_ID": "somebody/inkling"}).host == "0.0.0.0"


def test_every_setting_is_read() -> None:
    environment = {
        "GRADIO_SERVER_NAME": "::1",
        "GRADIO_SERVER_PORT": "8000",
        "GRADIO_ROOT_PATH": "/draw/",
        "INKLING_DEFAULT_RUN": "relu-50/published",
        "INKLING_FRAME_ANCESTORS": "https://blog.example",
    }
    assert read_settings(environment) == Settings(
        "::1", 8000, "/draw", "relu-50/published", ("https://blog.example",)
    )


@pytest.mark.parametrize(
    ("value", "sites"),
    [
        ("", ("https://huggingface.co",)),
        (" https://a.example  https://b.example:8443 ", ("https://a.example", "https://b.example:8443")),
        ("https://a.example,*.b.example", ("https://a.example", "*.b.example")),
        ("http://localhost:* vscode-webview:", ("http://localhost:*", "vscode-webview:")),
        ("*", ("*",)),
    ],
)
def test_sites_that_may_show_the_page_in_a_frame_are_parted_by_blanks_or_commas(
    value: str, sites: tuple[str, ...]
) -> None:
    assert read_settings({"INKLING_FRAME_ANCESTORS": value}).frame_ancestors == sites


@pytest.mark.parametrize(
    "value",
    [
        "https://a.example; script-src *",
        "https://a.example/path",
        "'none'",
        "'unsafe-inline'",
        "https://ä.example",
        "https://",
        "a.example\x00",
        "{scripts}",
        "https://a.example:port",
    ],
)
def test_what_is_no_site_is_refused(value: str) -> None:
    with pytest.raises(
        SettingsError, match=r"INKLING_FRAME_ANCESTORS names .*, which is no site; write them"
    ):
        read_settings({"INKLING_FRAME_ANCESTORS": value})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80.5", "８０"])
def test_an_impossible_port_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match=r"GRADIO_SERVER_PORT is .*; it must be a number from 1 to 65535"):
        read_settings({"GRADIO_SERVER_PORT": port})


def test_a_path_without_a_slash_is_refused() -> None:
    with pytest.raises(SettingsError, match="GRADIO_ROOT_PATH is 'draw'; it must start with a slash"):
        read_settings({"GRADIO_ROOT_PATH": "draw"})


def test_a_file_in_the_place_of_mnist_s_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"MNIST_DATA is .*, which is no folder; name one, new or not"):
        read_settings({"MNIST_DATA": str(tmp_path / "file")})
    read_settings({"MNIST_DATA": str(tmp_path / "new")})


@pytest.mark.parametrize("value", ["yes", "true", "0"])
def test_analytics_are_on_or_off_as_gradio_reads_it(value: str) -> None:
    with pytest.raises(SettingsError, match=r"GRADIO_ANALYTICS_ENABLED is .*; it must be True or False"):
        read_settings({"GRADIO_ANALYTICS_ENABLED": value})


def test_an_unknown_default_run_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="INKLING_DEFAULT_RUN: Unknown run 'relu-51'; choose one of"):
        read_settings({"INKLING_DEFAULT_RUN": "relu-51"})


def test_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(
        SettingsError, match="Unknown setting INKLING_PORT; there is: INKLING_DEFAULT_RUN, INKLING_FR"
    ):
        read_settings({"INKLING_PORT": "80"})
