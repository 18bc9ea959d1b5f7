"""What a stranger may send: JSON for the API, and raw requests for every route there is."""

import base64
import io
import json
import socket
from dataclasses import dataclass
from urllib.parse import quote

from app_server import Server
from hypothesis import strategies as st
from picture_bombs import gif, scans, tiff, webp
from PIL import Image

from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import RUNS

CALL_PATH, JOIN_PATH = "/gradio_api/call/predict", "/gradio_api/queue/join"
DRAWINGS = [entry.drawing.to_json() for entry in read_handwritings()[::7]]
SECONDS = 20  # that a reply may take, on a busy machine
MAX_REPLY = 2_000_000  # bytes; a refusal may hold what was sent


@dataclass(frozen=True)
class Reply:
    """A status and all bytes that came back; status 0: the connection was closed without a word."""

    status: int
    content: bytes

    @property
    def body(self) -> bytes:
        """What follows the headers."""
        return self.content.partition(b"\r\n\r\n")[2]


def send(app: Server, request: bytes, *, half_close: bool = False) -> Reply:
    """Send bytes over a connection of their own; `half_close` says that no more will follow."""
    host, port = app.url.removeprefix("http://").split(":")
    content = b""
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        try:
            connection.sendall(request)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 20):
                content += part
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was read whole
    start = content[:12].split()
    return Reply(int(start[1]) if len(start) > 1 else 0, content)


def post(app: Server, path: str, body: bytes) -> Reply:
    """Send JSON, or what is given as such."""
    head = f"POST {path} HTTP/1.1\r\nHost: inkling\r\nConnection: close\r\nContent-Type: application/json\r\n"
    return send(app, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def get(app: Server, path: str) -> Reply:
    """Fetch a path."""
    return send(app, f"GET {path} HTTP/1.1\r\nHost: inkling\r\nConnection: close\r\n\r\n".encode())


def answer_to(app: Server, posted: Reply) -> Reply:
    """What comes of a call that was taken."""
    return get(app, f"{CALL_PATH}/{json.loads(posted.body)['event_id']}")


def picture(mode: str, side: int, form: str) -> str:
    """A picture with a square in it, in base64."""
    canvas = Image.new(mode, (side, side))
    canvas.paste(Image.new(mode, (side // 2, side // 2), "white"), (side // 4, side // 4))
    content = io.BytesIO()
    canvas.save(content, form)
    return base64.b64encode(content.getvalue()).decode()


BOMBS = [picture("1", 4_500, "PNG"), picture("L", 2_000, "PNG")]
BOMBS += [base64.b64encode(bomb).decode() for bomb in (webp(), tiff(), gif(), scans(25_000))]
PICTURE = picture("RGB", 60, "JPEG")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([1e308, -1, 2**63, 2**200, "NaN", "<script>", "__proto__", "${alert(1)}", "\0"])
    | st.text(max_size=30)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
COORDINATE = st.floats(0, 1) | st.sampled_from([0, 1, 0.5]) | LEAVES
POINT = st.lists(COORDINATE, min_size=2, max_size=2) | ANYTHING
STROKES = st.lists(st.lists(POINT, max_size=5) | ANYTHING, max_size=4) | st.builds(
    lambda strokes, points: [[[0.5, 0.5]] * points] * strokes,
    st.sampled_from([0, 1, 200, 201, 5_000]),
    st.sampled_from([0, 1, 20, 50]),
)
GARBLED = st.builds(
    lambda at, text: PICTURE[:at] + text + PICTURE[at:], st.integers(0, 600), st.text(max_size=9)
)
PICTURES = st.sampled_from([PICTURE, *[PICTURE[:cut] for cut in (0, 10, 100, 400)]]) | GARBLED | ANYTHING
DRAWING = (
    st.fixed_dictionaries({"strokes": STROKES})
    | st.fixed_dictionaries({"picture": PICTURES})
    | st.sampled_from(DRAWINGS)
    | ANYTHING
)
RUN = st.sampled_from([*RUNS, "relu-50", "../../etc/passwd", "relu-50/published\n"]) | ANYTHING
CALL = ANYTHING | st.fixed_dictionaries(
    {"data": st.tuples(DRAWING, RUN).map(list) | st.lists(DRAWING | RUN, max_size=3) | ANYTHING},
    optional={
        "fn_index": st.integers(0, 5) | ANYTHING,
        "session_hash": st.text(max_size=5) | ANYTHING,
        "trigger_id": st.integers(0, 5) | ANYTHING,
        **dict.fromkeys(["event_id", "event_data", "batched", "simple_format", "request"], ANYTHING),
    },
)
DEEP = st.builds(
    lambda depth, start, end: start * depth + "1" + end * depth,
    st.sampled_from([100, 900, 990, 1_000, 1_023, 1_024, 200_000]),
    *(
        st.shared(st.sampled_from([("[", "]"), ('{"data":[', "]}"), ('{"data":[1,', "]}")])).map(
            lambda p, i=i: p[i]
        )
        for i in (0, 1)
    ),
)
RARE = st.sampled_from(
    [
        json.dumps(
            {"data": [{"strokes": [[[0.5, 0.5]] * 100_000]}, "relu-50/robust"]}
        ),  # a million numbers and brackets
        "[" + "0," * 700_000 + "0]",
        *(json.dumps({"data": [{"picture": bomb}, "relu-50/robust"]}) for bomb in BOMBS),
        json.dumps({"data": [{"picture": "A" * 1_400_000}, "relu-50/robust"]}),
        " " * 2_000_000,
    ]
)


def _bodies(requests: st.SearchStrategy) -> st.SearchStrategy[bytes]:
    """Mostly JSON, as Python writes it (NaN and all), sometimes too deep, too large, or none."""
    plain = requests.map(lambda value: json.dumps(value).encode())
    odd = DEEP.map(str.encode) | st.binary(max_size=50)
    return st.integers(0, 99).flatmap(
        lambda dice: RARE.map(str.encode) if dice == 0 else odd if dice < 10 else plain
    )


JSON_REQUESTS = st.tuples(st.sampled_from([CALL_PATH, JOIN_PATH]), _bodies(CALL))

METHODS = [
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "CONNECT",
    "BREW",
    "get",
    "",
]
NASTY = st.sampled_from(
    ['"><script>alert(1)</script>', "a:b:c", "999.9.9.9", "é", "xn--a", "a" * 9_000, "[::1"]
)
HEADER_VALUES = NASTY | st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20)
NAMES = [
    "Host",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Gradio-Server",
    "Content-Type",
    "Content-Length",
    "Transfer-Encoding",
    "Expect",
    "Range",
    "Cookie",
    "Referer",
    "Origin",
    "Upgrade",
    "Connection",
    "Accept-Language",
    "Accept-Encoding",
    "If-None-Match",
    "If-Modified-Since",
    "Authorization",
    "X: Y",
    " ",
]
VALUES = [
    "application/json",
    "multipart/form-data; boundary=a",
    "chunked",
    "100-continue",
    "websocket",
    "Upgrade",
    "close",
    "keep-alive",
    "0",
    "5",
    "-1",
    "99999999999",
    "bytes=0-5",
    "bytes=7-2",
    "https",
    "text/plain",
    "gzip",
]
HEADERS = st.dictionaries(st.sampled_from(NAMES), HEADER_VALUES | st.sampled_from(VALUES), max_size=4)
SEGMENT = st.text(max_size=12) | st.sampled_from(["..", "%00", "%2e%2e", "%ff", ".", "//", "a" * 300, "{x}"])
BODIES = st.binary(max_size=60) | st.sampled_from(
    [b"5\r\nhello\r\n0\r\n\r\n", b"fffffffff\r\n", b'{"data":[1]}']
)


def raw_requests(routes: list[str]) -> st.SearchStrategy[bytes]:
    """Requests in HTTP, more or less, for these routes and made up ones; braces in a route are filled in."""
    paths = st.builds(
        lambda route, segment: route.split("{")[0] + segment if "{" in route else route,
        st.sampled_from(routes),
        SEGMENT,
    ) | st.lists(SEGMENT, max_size=4).map(lambda parts: "/" + "/".join(parts))
    queries = st.just("") | st.text(max_size=20).map("?".__add__) | st.just("?session_hash=a&deep_link=b")
    built = st.builds(
        lambda method, path, query, version, headers, body: (
            f"{method} {path}{query} {version}\r\n".encode("utf-8", "replace")
            + "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1", "replace")
            + b"\r\n"
            + body
        ),
        st.sampled_from(METHODS),
        paths.map(quote) | st.sampled_from(routes) | paths,
        queries.map(lambda query: quote(query, safe="?=&")) | queries,
        st.sampled_from(["HTTP/1.1"] * 8 + ["HTTP/1.0", "HTTP/2", "X"]),
        st.fixed_dictionaries({"Host": st.just("inkling")}).flatmap(
            lambda usual: HEADERS.map(lambda headers: usual | headers)
        ),
        BODIES,
    )
    return st.integers(0, 19).flatmap(lambda dice: built if dice else st.binary(max_size=200))
