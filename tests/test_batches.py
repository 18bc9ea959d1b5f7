"""Images that wait together are answered together, each as if it had come alone."""

import asyncio

import pytest
import torch

from mnist_core.drawing import read_handwritings
from mnist_core.errors import DrawingError
from mnist_core.recipes import RUNS
from webapp import handlers
from webapp.batches import LARGEST, Batches

ONE, OTHER = RUNS["relu-50/published"], RUNS["relu-25-25/robust"]
DRAWINGS = [entry.drawing.to_json() for entry in read_handwritings()]


class Answering:
    """Replies with each image's first pixel, and keeps how many came together."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, run, images):
        self.sizes.append(len(images))
        return [{"run": run.id, "pixel": image[0, 0].item()} for image in images]


def ask_together(batches: Batches, asked) -> list:
    async def all_of_them() -> list:
        return await asyncio.gather(*(batches.answer(run, image) for run, image in asked))

    return asyncio.run(all_of_them())


def test_everyone_gets_the_reply_to_their_own_image() -> None:
    answering = Answering()
    asked = [(run, torch.full((28, 28), float(number))) for number in range(10) for run in (ONE, OTHER)]
    replies = ask_together(Batches(answering), asked)
    assert replies == [{"run": run.id, "pixel": image[0, 0].item()} for run, image in asked]
    assert answering.sizes == [10, 10]


def test_an_image_alone_does_not_wait_for_others() -> None:
    answering = Answering()
    ask_together(Batches(answering), [(ONE, torch.zeros(28, 28))])
    assert answering.sizes == [1]


def test_a_crowd_is_answered_in_several_batches() -> None:
    answering = Answering()
    ask_together(Batches(answering), [(ONE, torch.zeros(28, 28))] * (LARGEST + 5))
    assert answering.sizes == [LARGEST, 5]


def test_what_goes_wrong_reaches_everyone_who_waited_and_no_one_after() -> None:
    def failing(run, images):
        raise DrawingError("Something is wrong.")

    async def asked() -> None:
        batches = Batches(failing)
        for _ in range(2):
            with pytest.raises(DrawingError, match="Something is wrong"):
                await batches.answer(ONE, torch.zeros(28, 28))

    asyncio.run(asked())


@pytest.mark.parametrize("fails", [False, True])
def test_a_visitor_who_left_is_in_nobody_s_way(fails: bool) -> None:
    def answer_all(run, images):
        if fails:
            raise DrawingError("Something is wrong.")
        return list(range(len(images)))

    async def asked() -> list:
        batches = Batches(answer_all)
        left, stayed = (asyncio.ensure_future(batches.answer(ONE, torch.zeros(28, 28))) for _ in range(2))
        await asyncio.sleep(0)  # both wait for their reply
        left.cancel()
        return await asyncio.wait_for(asyncio.gather(left, stayed, return_exceptions=True), timeout=10)

    left, stayed = asyncio.run(asked())
    assert isinstance(left, asyncio.CancelledError)
    assert isinstance(stayed, DrawingError) if fails else stayed == 1


@pytest.mark.parametrize("run_id", RUNS)
def test_together_every_drawing_gets_the_answer_that_it_gets_alone(run_id: str) -> None:
    asked = [handlers.image_of_request({"run": run_id, "drawing": drawing}) for drawing in DRAWINGS]
    together = ask_together(Batches(handlers.answer_all), asked)
    for drawing, reply in zip(DRAWINGS[::8], together[::8], strict=True):
        alone = handlers.answer({"run": run_id, "drawing": drawing})
        assert reply["image"] == alone["image"]
        assert reply["is_digit"] == alone["is_digit"]
        assert torch.tensor(reply["probabilities"]).numpy() == pytest.approx(
            torch.tensor(alone["probabilities"]).numpy(), abs=2e-6
        )
