"""How the app starts, and what of the page it serves."""

import gzip
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import httpx
import pytest
from app_server import OFFLINE, PROJECT, Server, free_port, running_app

from mnist_core.drawings.archives import ARCHIVES
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.files import PAGE, find_contents, name_code_folder


def start(**environment: str) -> subprocess.CompletedProcess:
    """Start the app where it cannot start."""
    return subprocess.run(
        [sys.executable, "app.py"], cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True
    )


def printed_address(log: Path) -> str:
    """The address that an app prints once it is launched, soon after its first page can be had."""
    for _ in range(200):
        if found := re.findall("Inkling runs at (.*)\n", log.read_text()):
            return found[0]
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


@pytest.mark.parametrize(
    "setting", ["GRADIO_SERVER_PORT=http", "INKLING_DEFAULT_RUN=relu-51", f"MNIST_DATA={__file__}"]
)
def test_an_impossible_setting_stops_the_start_with_one_line(setting: str) -> None:
    name, value = setting.split("=")
    started = start(**{name: value})
    assert started.returncode == 1
    assert re.fullmatch(rf"error: {name}.*\n", started.stderr)
    assert started.stdout == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_busy_port_stops_the_start_with_one_line(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]
        started = start(GRADIO_SERVER_NAME=host, GRADIO_SERVER_PORT=str(port))
    assert (started.returncode, started.stdout) == (1, "")
    assert started.stderr.startswith(
        f"error: Nothing can be served at {host}, port {port}: Address already in use"
    )
    assert started.stderr.count("\n") == 1


def test_an_address_of_another_machine_stops_the_start_with_one_line() -> None:
    started = start(GRADIO_SERVER_NAME="192.0.2.1", GRADIO_SERVER_PORT=str(free_port()))
    assert started.returncode == 1
    assert started.stderr.startswith("error: Nothing can be served at 192.0.2.1, port ")
    assert started.stderr.count("\n") == 1


def test_an_ipv6_host_is_served_and_printed_as_its_proxy_shows_it(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    root = "https://draw.example/inkling"
    with running_app(
        port=port, url=f"http://[::1]:{port}", log=log, GRADIO_SERVER_NAME="::1", GRADIO_ROOT_PATH=root
    ):
        assert httpx.get(f"http://[::1]:{port}/healthz").text == "ok"
        assert printed_address(log) == root
        assert_its_own_paths_only(httpx.get(f"http://[::1]:{port}").text)


def test_on_a_space_the_app_is_served_to_everyone_and_loads_nothing_of_pytorch(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running_app(log=log, SPACE_ID="somebody/inkling", MNIST_DATA=str(tmp_path), **OFFLINE) as app:
        assert httpx.get(app.url).status_code == 200
        assert printed_address(log).startswith("http://0.0.0.0:")
        libraries = Path(f"/proc/{app.process.pid}/maps").read_text()
        assert "pydantic_core" in libraries
        assert "libtorch" not in libraries  # before the API is asked
    assert "Traceback" not in log.read_text()


@pytest.mark.thorough
def test_the_page_is_the_same_as_the_static_site_s(app: Server) -> None:
    for path, content in find_contents(DEFAULT_RUN).items():
        expected = content if isinstance(content, bytes) else content.read_bytes()
        reply = httpx.get(f"{app.url}/page/{path}")
        assert (reply.status_code, reply.content) == (200, expected), path


def test_an_archive_arrives_packed_whatever_the_browser_accepts(app: Server) -> None:
    reply = httpx.get(
        f"{app.url}/page/mnist/t10k-labels-idx1-ubyte.gz", headers={"accept-encoding": "gzip, br"}
    )
    assert "content-encoding" not in reply.headers
    assert reply.headers["content-type"] == "application/gzip"
    assert gzip.decompress(reply.content)[:8] == (0x801).to_bytes(4) + (10_000).to_bytes(4)


CODE = name_code_folder()


@pytest.mark.parametrize("path", [f"{CODE}/main.js", "runs.json", "checkpoints/relu-50/robust.safetensors"])
def test_what_the_browser_has_is_not_sent_again(app: Server, path: str) -> None:
    first = httpx.get(f"{app.url}/page/{path}")
    assert first.headers["cache-control"] == "no-cache"
    for tag in (first.headers["etag"], f'"a", W/{first.headers["etag"]}'):
        again = httpx.get(f"{app.url}/page/{path}", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{app.url}/page/{path}", headers={"if-none-match": '"a"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "",
        "mnist",
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "%2fetc%2fpasswd",
        "engine/../../app.py",
        "code-000000000000/main.js",
    ],
)
def test_no_other_file_can_be_had(app: Server, path: str) -> None:
    host, port = app.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:  # httpx would tidy the path
        connection.sendall(f"GET /page/{path} HTTP/1.0\r\nHost: inkling\r\n\r\n".encode())
        reply = connection.makefile("rb").read()
    assert reply.split()[1] == b"404"
    assert b"import" not in reply


FILES = f"""/ /healthz /config /theme.css /robots.txt /favicon.ico /gradio_api/info
/static/js/iframeResizer.contentWindow.min.js /page/{CODE}/main.js /page/{CODE}/style.css /page/runs.json
/page/handwritings.json /page/checkpoints/relu-50/robust.safetensors /page/mnist/t10k-labels-idx1-ubyte.gz
/page/nothing.js /page/mnist/nothing.gz /assets/nothing.js /static/nothing.js /nothing /page/"""
ASKED = [{}, {"accept-encoding": "br"}, {"accept-encoding": "gzip"}, {"range": "bytes=10-19"}]


def head(app: Server, method: str, path: str, headers: dict[str, str]) -> dict[str, str]:
    """A reply's status and headers, without those that differ at every request."""
    reply = httpx.request(method, f"{app.url}{path}", headers={"accept-encoding": "identity"} | headers)
    once = ("date", "content-security-policy")
    return {":status": str(reply.status_code)} | {k: v for k, v in reply.headers.items() if k not in once}


@pytest.mark.parametrize("headers", ASKED, ids=str)
def test_head_is_answered_with_the_headers_of_get(app: Server, headers: dict[str, str]) -> None:
    assets = re.findall(r'"\./(assets/[^"]*)', httpx.get(app.url).text)
    assert len(assets) == 2
    for path in [*FILES.split(), *(f"/{asset}" for asset in assets)]:
        expected = head(app, "GET", path, headers)
        assert head(app, "HEAD", path, headers) == expected, path
        if tag := expected.get("etag"):
            again = headers | {"if-none-match": tag}
            assert head(app, "HEAD", path, again) == head(app, "GET", path, again), path


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_part_of_a_file_can_be_asked_for(app: Server, method: str) -> None:
    reply = httpx.request(method, f"{app.url}/page/icon.svg", headers={"range": "bytes=10-19"})
    assert reply.status_code == 206
    assert reply.headers["content-range"] == f"bytes 10-19/{(PAGE / 'icon.svg').stat().st_size}"
    assert reply.headers["content-length"] == "10"
    assert reply.content == ((PAGE / "icon.svg").read_bytes()[10:20] if method == "GET" else b"")


@pytest.mark.parametrize("path", FILES.split())
def test_head_is_answered_without_a_body(app: Server, path: str) -> None:
    host, port = app.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:  # httpx would not read a body
        connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: inkling\r\nConnection: close\r\n\r\n".encode())
        status, _, rest = connection.makefile("rb").read().partition(b"\r\n")
    assert status.split()[1] == (b"404" if "nothing" in path or path == "/page/" else b"200")
    assert rest.endswith(b"\r\n\r\n")
    assert rest.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("query", ["page=other", "page=runs&page=other", "page=", "deep_link=a"])
def test_no_query_makes_gradio_s_page_fail(app: Server, query: str) -> None:
    assert httpx.get(f"{app.url}/?{query}").status_code == 200


def test_gradio_s_page_names_its_own_paths_only(app: Server) -> None:
    assert_its_own_paths_only(httpx.get(app.url).text)


def test_a_preview_of_gradio_s_page_has_the_address_that_was_asked_for_and_its_picture(app: Server) -> None:
    page = httpx.get(app.url, headers={"x-forwarded-host": "digits.example"}).text
    named = re.findall(
        r'<meta (?:property|name)="(?:og:url|og:image|twitter:image)" content="(http.*?)"', page
    )
    assert named == [f"http://digits.example/{path}" for path in ("", "page/preview.png", "page/preview.png")]
    assert httpx.get(f"{app.url}/page/preview.png").content == (PAGE / "preview.png").read_bytes()


def assert_its_own_paths_only(page: str) -> None:
    assert "inkling-page" in page
    assert re.findall(r'(?:src|href)="(?:/|https?:)[^"]*"', page) == ['href="/manifest.json"']
    assert f"{PROJECT}" not in page.replace(f"{PAGE}", "")


def test_mnist_is_served_when_it_has_arrived(tmp_path: Path, mnist: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    with running_app(MNIST_DATA=str(tmp_path), **OFFLINE) as app:
        for name in ARCHIVES:
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{app.url}/page/mnist/{name}")
            (raw / name).write_bytes((mnist / "MNIST" / "raw" / name).read_bytes())
            with urllib.request.urlopen(f"{app.url}/page/mnist/{name}") as reply:
                assert len(reply.read()) == ARCHIVES[name]
