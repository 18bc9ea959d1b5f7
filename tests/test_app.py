"""How the app meets the network and the machine."""

import socket
import subprocess
import sys

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
    subprocess.run([sys.executable, "-c", "import app"], cwd=PROJECT, check=True)
    assert not stub.exists()
