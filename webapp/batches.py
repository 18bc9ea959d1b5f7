"""Images that wait for the same run at the same time are answered together."""

import asyncio
from collections.abc import Callable
from typing import Any

from torch import Tensor

from mnist_core.recipes import Run

LARGEST = 64  # images at a time; a server with more visitors answers several batches

AnswerAll = Callable[[Run, list[Tensor]], list[dict[str, Any]]]


class Batches:
    """Collects the images that arrive while the server is busy; one forward of many costs little more.

    An image that comes alone is answered at once.

    Args:
        answer_all: answers images (28, 28) of one run, one reply each, in their order.
    """

    def __init__(self, answer_all: AnswerAll) -> None:
        self._answer_all = answer_all
        self._waiting: dict[Run, list[tuple[Tensor, asyncio.Future]]] = {}

    async def answer(self, run: Run, image: Tensor) -> dict[str, Any]:
        """The reply to one image; raises what `answer_all` raises."""
        loop = asyncio.get_running_loop()
        if not self._waiting.get(run):
            self._waiting[run] = []
            loop.call_soon(self._answer_waiting, run)  # after all that has arrived by now
        reply = loop.create_future()
        self._waiting[run].append((image, reply))
        return await reply

    def _answer_waiting(self, run: Run) -> None:
        waiting = self._waiting.pop(run)
        for start in range(0, len(waiting), LARGEST):
            images, replies = zip(*waiting[start : start + LARGEST], strict=True)
            try:
                answers = self._answer_all(run, list(images))
            except Exception as error:  # each visitor's request is to fail as if it had come alone
                for reply in replies:
                    if not reply.cancelled():  # its visitor is gone
                        reply.set_exception(error)
            else:
                for reply, answer in zip(replies, answers, strict=True):
                    if not reply.cancelled():
                        reply.set_result(answer)
