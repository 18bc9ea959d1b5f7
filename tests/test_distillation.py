"""Augmented images, the teacher's logits, and what a robust run makes of them."""

import gc
import math
import weakref
from dataclasses import replace

import pytest
import torch
from made import arc
from torch import nn

from mnist_core.__main__ import main
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.errors import DrawingError
from mnist_core.measuring.folds import split_by_writer, validate_by_writer
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.runs.recipes import RUNS, Distillation
from mnist_core.training import augmentation, distillation
from mnist_core.training.augmentation import AugmentedImages, Augmenter, distorted_copies
from mnist_core.training.distillation import build_teacher
from mnist_core.training.fitting import fit, learning_rate_at
from mnist_core.training.run_training import train

RUN = RUNS["relu-128-128-64-64/robust"]
AUGMENTATION = replace(RUN.recipe.augmentation, copies=2, pen_variants=1)
BRIEF = replace(RUN, recipe=replace(RUN.recipe, batch_size=8, epochs=2, augmentation=AUGMENTATION))


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(256, (20, 28, 28), generator=generator, dtype=torch.uint8)
    return LabelledImages(pixels, torch.arange(20) % 10)


@pytest.fixture
def brief_teacher(monkeypatch):
    teacher = replace(distillation.TEACHER, epochs=1, augmentation=AUGMENTATION)
    for module in (augmentation, distillation):
        monkeypatch.setattr(module, "TEACHER", teacher)


def test_every_image_has_its_copies(images):
    copies = distorted_copies(images, AUGMENTATION.distortion, 2, seed=0)
    assert copies.images.shape == (40, 28, 28)
    assert copies.labels.bincount().tolist() == [4] * 10
    assert len(copies.images.flatten(1).unique(dim=0)) == 40


def test_augmented_images_are_of_mnist_and_pens_and_have_the_teachers_logits(images, brief_teacher):
    made = Augmenter(images, [arc(3), arc(4)]).make(BRIEF.recipe)
    assert made.labels.bincount().tolist() == [4, 4, 4, 6, 6, 4, 4, 4, 4, 4]
    assert made.teacher_logits.shape == (44, 10)


def test_images_augmented_anew_are_the_same(images, brief_teacher):
    first, second = (Augmenter(images, [arc()]).make(BRIEF.recipe) for _ in range(2))
    assert torch.equal(first.images, second.images)
    assert torch.equal(first.teacher_logits, second.teacher_logits)


def test_runs_that_augment_alike_share_their_images(images, brief_teacher):
    augmenter = Augmenter(images, [arc()])
    assert augmenter.make(BRIEF.recipe) is augmenter.make(replace(BRIEF.recipe, epochs=9))


def test_augmented_images_leave_memory_with_their_augmenter(images, brief_teacher):
    augmenter = Augmenter(images, [arc()])
    made = weakref.ref(augmenter.make(BRIEF.recipe))
    assert made() is not None
    gc.disable()  # a fold's images fill a gigabyte: they must not wait for the collector of reference cycles
    del augmenter
    gc.enable()
    assert made() is None


def test_the_teacher_says_ten_logits_of_every_image(images):
    assert build_teacher(0)(images.ink()).shape == (20, 10)


def test_the_teacher_is_followed_and_not_the_label(images):
    teacher_logits = 20.0 * nn.functional.one_hot((images.labels + 1) % 10, 10).half()
    recipe = replace(BRIEF.recipe, epochs=60, distillation=Distillation(share=1.0, temperature=2.0))
    model = build_model(RUN.architecture, seed=0)
    for state in fit(model, recipe, images, seed=0, teacher_logits=teacher_logits):
        logits, labels = state.logits, state.labels
    assert (logits.argmax(1) == (labels + 1) % 10).all()


def test_a_run_ends_with_its_averaged_weights(images):
    timeline = train(BRIEF, images, images, seed=0).timeline
    model = build_model(RUN.architecture, seed=0)
    for state in fit(model, BRIEF.recipe, images, seed=0):
        averaged = state.averaged
    assert torch.equal(timeline.weights[0][-1], linear_layers(averaged)[0].weight.half())
    assert not torch.equal(timeline.weights[0][-1], linear_layers(model)[0].weight.half())


def test_a_robust_run_makes_the_steps_of_a_plain_loop(images):
    teacher_logits = torch.randn(20, 10, generator=torch.Generator().manual_seed(1)).half()
    run = replace(BRIEF, recipe=replace(BRIEF.recipe, shuffled=False, precision="highest"))
    model, averaged = (build_model(run.architecture, seed=4) for _ in range(2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=0.01)
    total, warm_up, step = 6, 6 * 0.05, 0  # 3 batches in each of 2 epochs
    for _ in range(2):
        for batch in (slice(0, 8), slice(8, 16), slice(16, 20)):
            progress = (step - warm_up) / (total - warm_up)
            rate = 6e-3 / (warm_up + 1) if step < warm_up else 3e-3 * (1 + math.cos(math.pi * progress))
            optimizer.param_groups[0]["lr"] = rate
            logits = model(images.images[batch] / 255)
            hard = nn.CrossEntropyLoss()(logits, images.labels[batch])
            wanted = (teacher_logits[batch].float() / 2).softmax(1)
            soft = -(wanted * (logits / 2).log_softmax(1)).sum(1).mean()
            optimizer.zero_grad()
            (0.4 * hard + 0.6 * 4 * soft).backward()
            optimizer.step()
            step += 1
            for mean, weight in zip(averaged.parameters(), model.parameters(), strict=True):
                mean.data += (weight.data - mean.data) * 10 / (step + 10)
    augmented = AugmentedImages(images.images, images.labels, teacher_logits, seconds=0.0)
    final = train(run, images, images, seed=4, augmented=augmented).timeline.weights[0][-1]
    torch.testing.assert_close(final.float(), linear_layers(averaged)[0].weight, rtol=2**-10, atol=1e-4)


def test_a_robust_run_starts_untrained(images):
    timeline = train(BRIEF, images, images, seed=5).timeline
    fresh = linear_layers(build_model(RUN.architecture, seed=5))
    assert timeline.steps[0] == 0
    assert torch.equal(timeline.weights[0][0], fresh[0].weight.half())


def test_the_learning_rate_warms_up_and_ends_near_zero():
    rates = [learning_rate_at(step, 1000, RUN.recipe) for step in range(1000)]
    assert rates[0] < RUN.recipe.learning_rate / 20
    assert max(rates) == pytest.approx(RUN.recipe.learning_rate)
    assert rates.index(max(rates)) == 50  # 5 % of the steps
    assert rates[-1] < RUN.recipe.learning_rate / 1000


@pytest.mark.parametrize(
    "run", [run for run in RUNS.values() if run.recipe.published], ids=lambda run: run.id
)
def test_a_published_run_keeps_its_learning_rate(run):
    assert {learning_rate_at(step, 9, run.recipe) for step in range(9)} == {run.recipe.learning_rate}


def test_folds_leave_every_writer_out_once():
    drawings = [arc(writer=str(number)) for number in range(1, 31) for _ in range(2)]
    folds = split_by_writer(drawings, 5)
    assert [len(writers) for writers in folds] == [6] * 5
    assert sorted((hand for writers in folds for hand in writers), key=int) == [
        str(number) for number in range(1, 31)
    ]


def test_every_drawing_is_read_by_a_network_that_never_saw_its_writer(images, brief_teacher, monkeypatch):
    drawings = [arc(label, writer=name) for name in "123" for label in (1, 2)]
    seen = []
    make = augmentation.Augmenter.__init__

    def note(self, training, others, **options):
        seen.append({entry.writer for entry in others})
        make(self, training, others, **options)

    monkeypatch.setattr(augmentation.Augmenter, "__init__", note)
    results = [fold for _, fold in validate_by_writer([BRIEF], images, drawings, folds=3)]
    assert [fold.writers for fold in results] == [["1"], ["2"], ["3"]]
    assert [fold.n for fold in results] == [2, 2, 2]
    assert seen == [{"2", "3"}, {"1", "3"}, {"1", "2"}]


@pytest.mark.parametrize("command", ["train", "folds"])
def test_without_pen_strokes_robust_commands_say_where_they_come_from(command, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PENDIGITS", str(tmp_path / "none.tra"))
    assert main([command, RUN.id]) == 2
    assert capsys.readouterr().err.startswith(f"error: No pen strokes at {tmp_path / 'none.tra'}; the robust")


def test_folds_are_for_runs_that_learn_from_pens(capsys):
    assert main(["folds", "relu-50/published"]) == 2
    assert capsys.readouterr().err == (
        "error: relu-50/published does not learn from pen strokes; choose a robust run.\n"
    )


@pytest.mark.parametrize("folds", [-1, 0, 1, 4])
def test_groups_that_cannot_be_made_are_refused(folds):
    drawings = [arc(writer=name) for name in ("a", "b", "c") for _ in range(2)]
    with pytest.raises(
        DrawingError, match=f"3 writers cannot be dealt into {folds} groups; choose from 2 to 3"
    ):
        split_by_writer(drawings, folds)
