"""A written site, served as `--serve` does it, and by nginx as docs/nginx-site.conf says."""

import getpass
import gzip
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from absent import skip_or_fail
from app_server import PROJECT, free_port

from mnist_core.errors import SettingsError
from webapp.files import name_code_folder
from webapp.serving import open_server
from webapp.site import write_site

CODE = f"{name_code_folder()}/main.js"
SMALL = {
    "index.html": b"<!doctype html>",
    CODE: b"export {};" * 50,
    "runs.json": b"{}",
    "checkpoints/a.safetensors": b"a",
    "mnist/t10k.gz": gzip.compress(b"a"),
}
TYPES = {
    "": "text/html; charset=utf-8",
    CODE: "text/javascript; charset=utf-8",
    "runs.json": "application/json",
    "checkpoints/a.safetensors": "application/octet-stream",
    "mnist/t10k.gz": "application/gzip",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "inkling"
    write_site(folder, SMALL)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[tuple[int, str]]:
    """Where the folder is served, as a port and a path."""
    with open_server(folder, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], "/"
        server.shutdown()


def ask(address: tuple[int, str], path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", address[0], timeout=20)) as connection:
        connection.request("GET", f"{address[1]}{path}", headers=headers)
        reply = connection.getresponse()
        return reply, reply.read()


@pytest.mark.parametrize("name", TYPES)
def test_every_file_is_sent_whole_and_with_its_type(address: tuple[int, str], name: str) -> None:
    for accepted in ("gzip, br", "identity"):
        reply, body = ask(address, name, **{"accept-encoding": accepted})
        assert (reply.status, reply.headers["content-type"]) == (200, TYPES[name])
        is_packed = reply.headers["content-encoding"] == "gzip"
        assert is_packed == (accepted != "identity" and not name.endswith(("safetensors", "gz")))
        assert (gzip.decompress(body) if is_packed else body) == SMALL[name or "index.html"]
        kept = "max-age=31536000, immutable" if name == CODE else "no-cache"
        assert reply.headers["cache-control"] == kept


@pytest.mark.parametrize("path", ["nothing.js", "mnist/", "../written.txt", "%2e%2e/%2e%2e/etc/passwd"])
def test_nothing_else_can_be_had(address: tuple[int, str], path: str) -> None:
    reply, body = ask(address, path.replace("written", "other"))
    assert reply.status == 404
    assert b"root:" not in body


def test_a_port_that_is_taken_stops_it_with_a_sentence(address: tuple[int, str], folder: Path) -> None:
    said = rf"Nothing can be served at 127\.0\.0\.1, port {address[0]}: .+\. Name another port: --serve"
    with pytest.raises(SettingsError, match=said):
        open_server(folder, "127.0.0.1", address[0])


@pytest.mark.parametrize("port", ["http", "70000"])
def test_what_is_no_port_is_refused_before_anything_is_written(tmp_path: Path, port: str) -> None:
    command = [sys.executable, "-m", "webapp.site", str(tmp_path / "site"), f"--serve={port}"]
    made = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert made.returncode
    assert f"{port!r} is no port; it must be a number from 1 to 65535" in made.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.thorough
def test_the_command_writes_the_site_and_serves_it_until_it_is_stopped(mnist: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "webapp.site", str(tmp_path / "site"), "--serve", str(port)]
    environment = os.environ | {"MNIST_DATA": str(mnist)}
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # tests may ignore it
    ) as server:
        try:
            assert server.stdout
            assert re.fullmatch(r"\d+ files, \d+ MB, in .+\n", server.stdout.readline())
            assert server.stdout.readline() == f"Served at http://127.0.0.1:{port}/ until Ctrl+C\n"
            assert ask((port, "/"), CODE)[0].headers["content-type"] == TYPES[CODE]
            server.send_signal(signal.SIGINT)
            assert server.wait(10) == 0
        finally:
            server.kill()


@contextmanager
def running_nginx(work: Path, root: Path) -> Iterator[tuple[int, str]]:
    """An nginx with the documentation's configuration for a folder that lies in `root`."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    port, text = free_port(), (PROJECT / "docs" / "nginx-site.conf").read_text()
    for written, real in (("listen 8080", f"listen 127.0.0.1:{port}"), ("root /srv;", f"root {root};")):
        assert text.count(written) == 1
        text = text.replace(written, real)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {work}/{kind};" for kind in kinds)
    config, errors = work / "nginx.conf", work / "errors"
    # The user: pytest's folders are for nobody else to read.
    main = f"daemon off; user {getpass.getuser()}; pid {work}/pid; error_log {errors};\nevents {{}}\n"
    config.write_text(f"{main}http {{ access_log off; {places}\n{text}\n}}")
    command = [nginx or skip_or_fail("needs nginx; on Debian: apt-get install nginx-light")]
    with subprocess.Popen([*command, "-p", str(work), "-e", str(errors), "-c", str(config)]) as server:
        try:
            for _ in range(50):
                try:
                    ask((port, "/inkling/"), "")
                    break
                except ConnectionError:
                    assert server.poll() is None, errors.read_text()
                    time.sleep(0.1)
            yield port, "/inkling/"
        finally:
            server.terminate()


@pytest.mark.thorough
def test_nginx_serves_a_site_as_its_configuration_here_says(folder: Path, tmp_path: Path) -> None:
    with running_nginx(tmp_path, folder.parent) as address:
        for name, expected in TYPES.items():
            reply, body = ask(address, name, **{"accept-encoding": "gzip"})
            kind = reply.headers["content-type"].partition(";")[0]
            assert (reply.status, kind) == (200, expected.partition(";")[0])
            if name == CODE:
                assert reply.headers["content-encoding"] == "gzip"
                assert gzip.decompress(body) == SMALL[CODE]
                assert reply.headers["cache-control"] == "max-age=31536000, immutable"
            else:
                assert reply.headers["cache-control"] == "no-cache"
