"""Nothing leaves the server but its replies: no connection, no file, no line in the log."""

import json
import os
from pathlib import Path

from app_server import running_app
from hostile import CALL_PATH, DRAWINGS, PICTURE, answer_to, post

WATCH = """
import socket, sys
def watch(event, arguments):
    if event == "socket.connect" and arguments[0].family != socket.AF_UNIX:
        with open(CONNECTIONS, "a") as file:
            print(arguments[1][0], file=file)
sys.addaudithook(watch)
"""


def test_drawing_opens_no_connection_writes_no_file_and_logs_nothing_of_it(
    mnist: Path, tmp_path: Path
) -> None:
    hooks, temporary, log = tmp_path / "hooks", tmp_path / "temporary", tmp_path / "log"
    hooks.mkdir()
    temporary.mkdir()
    connections = tmp_path / "connections"
    (hooks / "sitecustomize.py").write_text(f"CONNECTIONS = {str(connections)!r}\n{WATCH}")
    folders = {name: str(temporary) for name in ("TMPDIR", "GRADIO_TEMP_DIR", "HOME")}
    with running_app(log=log, MNIST_DATA=str(mnist), PYTHONPATH=str(hooks), **folders) as app:
        files = {path for path in temporary.rglob("*")}
        logged = log.stat().st_size
        for asked in [*DRAWINGS, {"picture": PICTURE}, {"strokes": [[[0.123456, 7]]]}, {"strokes": 0.123456}]:
            body = json.dumps({"data": [asked, "relu-96-256/robust"]}).encode()
            answer = answer_to(app, post(app, CALL_PATH, body))
            assert answer.status == 200
        for call in ({"data": [DRAWINGS[0]]}, {"data": [DRAWINGS[0], "a", "b"]}, {"strokes": DRAWINGS[0]}):
            assert post(app, CALL_PATH, json.dumps(call).encode()).status == 400
        assert {path for path in temporary.rglob("*")} == files
        said = log.read_text()[logged:]
        known = ("Launched after", "Inkling runs at", "MNIST:", "read by PyTorch")
        assert [line for line in said.splitlines() if not any(part in line for part in known)] == []
        deleted = [os.readlink(link) for link in Path(f"/proc/{app.process.pid}/fd").iterdir()]
        assert [path for path in deleted if str(temporary) in path] == []
    reached = set(connections.read_text().split()) if connections.exists() else set()
    assert reached <= {"127.0.0.1", "::1", "localhost"}
