"""Visitors that draw over plain HTTP: each has one request under way, and every reply is checked.

A reply is right if it holds the drawing's image and, within 0.0001, the probabilities of every snapshot that
mnist_core computed beforehand. The first reply to a drawing is checked so; a later one must equal it.
"""

import asyncio
import secrets
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import numpy as np
import orjson
from committed import load_timeline
from numpy.typing import NDArray

from mnist_core.drawing import Drawing, read_handwritings
from mnist_core.pens import load_pen_drawings, pen_file
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN

PEN_DRAWINGS = 120  # of all writers
TOLERANCE = 1e-4


@dataclass
class Update:
    """A drawing as it is sent, what must come back, and the replies that were found to be right."""

    request: dict[str, Any]
    image: str
    probabilities: NDArray[np.float32]  # (snapshots, 10)
    body: bytes
    right: set[bytes] = field(default_factory=set)

    def is_right(self, reply: bytes) -> bool:
        """Whether this is the reply to this very drawing; equal bytes are checked only once."""
        if reply in self.right:
            return True
        values = orjson.loads(reply)
        probabilities = np.array(values["probabilities"])
        fits = probabilities.shape == self.probabilities.shape and values["image"] == self.image
        if fits and np.abs(probabilities - self.probabilities).max() < TOLERANCE:
            self.right.add(reply)
        return reply in self.right


def make_updates() -> list[Update]:
    """The project's 80 drawings and, where PENDIGITS are given, as many pen drawings as `PEN_DRAWINGS`."""
    drawings = [entry.drawing for entry in read_handwritings()]
    if pen_file().is_file():
        pens = load_pen_drawings(pen_file())
        drawings += [entry.drawing for entry in pens[:: len(pens) // PEN_DRAWINGS][:PEN_DRAWINGS]]
    return [_make_update(drawing) for drawing in drawings]


def _make_update(drawing: Drawing) -> Update:
    image = image_of_drawing(drawing)
    request = {"run": DEFAULT_RUN, "drawing": drawing.to_json()}
    return Update(
        request,
        b64encode(bytes((image * 255).round().flatten().int().tolist())).decode(),
        load_timeline(DEFAULT_RUN).probabilities(image[None])[:, 0].numpy(),
        orjson.dumps(request),
    )


class Connection:
    """One connection that is kept open; a visitor's browser would speak HTTP/1.1 over it just so."""

    def __init__(self, url: str) -> None:
        self.host, self.port = url.removeprefix("http://").split(":")
        self.session = secrets.token_hex(5)
        self.writer: asyncio.StreamWriter | None = None

    async def exchange(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The body that comes back; ConnectionError if the status is not 200."""
        if not self.writer:
            self.reader, self.writer = await asyncio.open_connection(self.host, int(self.port))
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + body)
        status, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines if line)
        if "content-length" in headers:
            reply = await self.reader.readexactly(int(headers["content-length"]))
        else:
            reply = b"".join([chunk async for chunk in self._chunks()])
        if status.split()[1] != "200":
            raise ConnectionError(f"{status}: {reply[:200]!r}")
        return reply

    async def _chunks(self) -> Any:
        while True:
            size = int(await self.reader.readline(), 16)
            yield (await self.reader.readexactly(size + 2))[:-2]
            if not size:
                return

    def close(self) -> None:
        """Hang up; the next exchange connects again."""
        if self.writer:
            self.writer.close()
        self.writer = None


Ask = Callable[[Connection, Update], Awaitable[bytes]]


async def ask(connection: Connection, update: Update) -> bytes:
    """What Inkling replies to a drawing, asked as the page does."""
    return await connection.exchange("POST", "/ask/answer", update.body)


async def ask_queue(connection: Connection, update: Update) -> bytes:
    """What `queue_app` replies, asked as Gradio's page does: join the queue, then read the event's stream."""
    event = {"data": [update.request], "fn_index": 0, "session_hash": connection.session}
    await connection.exchange("POST", "/gradio_api/queue/join", orjson.dumps(event))
    path = f"/gradio_api/queue/data?session_hash={connection.session}"
    stream = await connection.exchange("GET", path)
    messages = [orjson.loads(line[6:]) for line in stream.splitlines() if line.startswith(b"data: ")]
    return next(orjson.dumps(m["output"]["data"][0]) for m in messages if m["msg"] == "process_completed")


@dataclass
class Visit:
    """What visitors met: the milliseconds of every right reply in the order of their end, and every error."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the updates took at most; NaN if there were none."""
        ordered = sorted(self.milliseconds)
        return ordered[int(share * (len(ordered) - 1))] if ordered else float("nan")


async def visit(url: str, ask: Ask, turns: Iterable[Update], visitors: int) -> Visit:
    """Have visitors share turns, each asking for one after the other, until there are none left."""
    result, left = Visit(), iter(turns)
    started = time.perf_counter()

    async def draw() -> None:
        connection = Connection(url)
        for update in left:
            asked = time.perf_counter()
            try:
                if update.is_right(await ask(connection, update)):
                    result.milliseconds.append(1000 * (time.perf_counter() - asked))
                else:
                    result.errors.append("a wrong reply")
            except (OSError, ValueError, KeyError, StopIteration, asyncio.IncompleteReadError) as error:
                result.errors.append(repr(error))
                connection.close()
        connection.close()

    await asyncio.gather(*(draw() for _ in range(visitors)))
    result.seconds = time.perf_counter() - started
    return result


def turns_for(updates: list[Update], seconds: float) -> Iterator[Update]:
    """The updates over and over, for as long as this."""
    until = time.perf_counter() + seconds
    for update in cycle(updates):
        if time.perf_counter() > until:
            return
        yield update
