"""Calls by Gradio's own client: what is refused, how replies are fetched, and how few are kept."""

import asyncio
import json
from typing import Any

import pytest

from mnist_core.errors import DrawingError
from webapp.calls import REPLIES, SESSIONS, Calls


def echo(call: Any) -> Any:
    return call


def empty(call: Any) -> Any:
    raise DrawingError("The drawing is empty.")


def call(data: Any = (1,), session: Any = "mine", function: Any = 3) -> dict[str, Any]:
    return {"data": list(data), "fn_index": function, "session_hash": session}


async def heard(calls: Calls, session: str = "mine") -> list[dict[str, Any]]:
    """What a session's stream says."""
    return [json.loads(line.removeprefix(b"data: ")) async for line in calls.listen(session)]


def test_a_reply_carries_its_event_and_is_sent_once() -> None:
    async def both() -> None:
        calls = Calls(echo, 3)
        joined = await calls.join(call())
        reply, closing = await heard(calls)
        assert reply == {
            "msg": "process_completed",
            "event_id": joined["event_id"],
            "output": {"data": [1]},
            "success": True,
        }
        assert closing["msg"] == "close_stream"
        assert not calls.is_known("mine")

    asyncio.run(both())


def test_bad_input_is_a_failed_call_with_its_sentence() -> None:
    async def both() -> None:
        calls = Calls(empty, 3)
        await calls.join(call())
        reply, _ = await heard(calls)
        assert (reply["success"], reply["output"]) == (False, {"error": "The drawing is empty."})

    asyncio.run(both())


def test_a_call_made_while_the_session_listens_is_answered_too() -> None:
    async def both() -> None:
        calls = Calls(echo, 3)
        listening = asyncio.create_task(heard(calls))
        await asyncio.sleep(0.1)
        await calls.join(call())
        assert [message["msg"] for message in await listening] == ["process_completed", "close_stream"]

    asyncio.run(both())


@pytest.mark.parametrize(
    "request_",
    [
        [],
        {},
        None,
        call(function=2),
        call(function="3"),
        call() | {"data": {}},
        call(session=["a"]),
        call(session="a" * 101),
    ],
)
def test_a_call_of_anything_else_is_refused(request_: Any) -> None:
    calls = Calls(echo, 3)
    with pytest.raises(DrawingError, match="Only predict can be called"):
        asyncio.run(calls.join(request_))
    assert not calls.is_known("mine")


def test_replies_that_nobody_fetches_are_forgotten() -> None:
    async def many() -> None:
        calls = Calls(echo, 3)
        for number in range(SESSIONS + 5):
            await calls.join(call(session=str(number)))
        assert [calls.is_known(str(number)) for number in (4, 5, SESSIONS + 4)] == [False, True, True]
        for number in range(REPLIES + 5):
            await calls.join(call(data=[number]))
        *replies, _ = await heard(calls)
        assert [reply["output"]["data"] for reply in replies] == [[5 + number] for number in range(REPLIES)]

    asyncio.run(many())
