"""How the app meets the network and the machine."""

import os
import re
import socket
import subprocess
import sys

import pytest
from app_server import PROJECT

from app import listen
from webapp.settings import Settings


def test_a_reply_is_sent_at_once_and_not_held_back_until_its_head_is_acknowledged():
    with (
        listen(Settings("127.0.0.1", 0, "", "")) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_starting_writes_no_type_stub_beside_the_page_s_components() -> None:
    stub = PROJECT / "webapp" / "components.pyi"
    stub.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-c", "import app; app.import_page()"], cwd=PROJECT, check=True)
    assert not stub.exists()


@pytest.mark.parametrize(
    "setting", ["GRADIO_SERVER_PORT=http", "INKLING_DEFAULT_RUN=relu-51", f"MNIST_DATA={__file__}"]
)
def test_an_impossible_setting_stops_the_start_with_one_line(setting: str) -> None:
    name, value = setting.split("=")
    started = subprocess.run(
        [sys.executable, "app.py"],
        cwd=PROJECT,
        env=os.environ | {name: value},
        capture_output=True,
        text=True,
    )
    assert started.returncode == 1
    assert re.fullmatch(rf"error: {name}.*\n", started.stderr)
    assert started.stdout == ""
