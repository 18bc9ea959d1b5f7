"""The two requests by which Gradio's own client calls `predict`: it joins, then listens for the reply."""

import asyncio
import inspect
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson

from mnist_core.errors import DrawingError, InklingError

SESSIONS = 1000  # whose replies wait to be fetched; the oldest are forgotten
REPLIES = 100  # of one session
SESSION_CHARACTERS = 100
TICK, TICKS = 0.05, 10  # seconds between looks for a reply, and looks: a client may join while it listens

Predict = Callable[[Any], Any]  # a call's JSON in, the reply's out, at once or awaited


class Calls:
    """Calls by Gradio's client, and their replies until they are fetched.

    Gradio's queue would keep every drawing and reply that nobody fetches; here both numbers are bounded.

    Args:
        predict: what answers a call.
        function: the number that a call must name as its function.
    """

    def __init__(self, predict: Predict, function: int) -> None:
        self._predict, self._function = predict, function
        self._replies: dict[str, list[bytes]] = {}  # by session, the oldest first

    async def join(self, request: object) -> dict[str, str]:
        """Answer a call: its `event_id`, under which the session's next `listen` finds the reply.

        Raises:
            DrawingError: it is no call of `predict`.
        """
        match request:
            case {"data": [*data], "fn_index": self._function, "session_hash": str(session)} if (
                len(session) <= SESSION_CHARACTERS
            ):
                event = secrets.token_hex(16)
            case _:
                raise DrawingError("Only predict can be called, with data, fn_index and session_hash.")
        try:
            output = self._predict({"data": data})
            output = await output if inspect.isawaitable(output) else output
        except InklingError as error:
            output = {"error": str(error)}
        replies = self._replies.pop(session, [])
        message = {"msg": "process_completed", "event_id": event, "output": output}
        replies.append(_line(message | {"success": "error" not in output}))
        self._replies[session] = replies[-REPLIES:]
        if len(self._replies) > SESSIONS:
            del self._replies[next(iter(self._replies))]
        return {"event_id": event}

    def is_known(self, session: str | None) -> bool:
        """Whether replies to a session wait."""
        return session in self._replies

    async def listen(self, session: str) -> AsyncIterator[bytes]:
        """The replies to a session, as server-sent events; it ends after half a second."""
        for _ in range(TICKS):
            for reply in self._replies.pop(session, []):
                yield reply
            await asyncio.sleep(TICK)
        yield _line({"msg": "close_stream", "event_id": None})


def _line(message: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(message) + b"\n\n"
