"""How well networks read MNIST's test images from pictures: whole, cropped, and on uneven paper."""

import numpy as np
import pytest
import torch
from made_pictures import STYLES, dark_on_light, enlarged, light_on_dark
from PIL import Image

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.pictures import image_of_picture
from mnist_core.measuring.evaluation import evaluate
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS


def pictured(images):
    """Test images, numpy, after they went through the picture path, in the five styles by turns."""
    return torch.stack(
        [
            image_of_picture(STYLES[number % len(STYLES)](enlarged(image, number)))
            for number, image in enumerate(images)
        ]
    )


@pytest.mark.parametrize(
    "n", [pytest.param(300, marks=pytest.mark.thorough), pytest.param(10_000, marks=pytest.mark.slow)]
)
def test_pictures_of_the_test_images_are_read_as_well_as_they(n, test_images):
    made, labels = pictured(test_images.images[:n].numpy()).double(), test_images.labels[:n]
    images = test_images.ink(torch.float64)[:n]
    for run in RUNS.values():
        finished = load_checkpoint(checkpoint_path(run))[0].at(-1)
        [before], [after] = (evaluate(finished, each, labels) for each in (images, made))
        assert after.accuracy == pytest.approx(before.accuracy, abs=max(0.005, 2.5 / n)), run.id


MARGINS = [0, 1, 2, 4]


def cropped(image, margin):
    """Ink of a test image, uint8: the box around it with so many pixels of paper on every side."""
    rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
    return np.pad(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], margin)


def smoothly_enlarged(ink):
    """Ink ten times as large, smoothed as scanners and cameras do it."""
    height, width = ink.shape
    return np.asarray(Image.fromarray(ink).resize((10 * width, 10 * height), Image.Resampling.BICUBIC))


def assert_cropped_pictures_are_read(images, labels, *, enlarge, style):
    """Assert that cropped pictures are read as well as the whole ones, and print both accuracies."""
    sizes = smoothly_enlarged if enlarge else lambda ink: ink
    timelines = [load_checkpoint(checkpoint_path(RUNS[run_id]))[0] for run_id in READERS]

    def accuracies(made):
        ink = torch.stack([image_of_picture(style(sizes(image))) for image in made]).double()
        return [evaluate(timeline.at(-1), ink, labels)[0].accuracy for timeline in timelines]

    whole = accuracies(images)
    for margin in MARGINS:
        tight = accuracies([cropped(image, margin) for image in images])  # none is refused
        for run_id, before, after in zip(READERS, whole, tight, strict=True):
            print(f"{run_id}, n {len(labels)}, margin {margin}: {after:.2%}, whole {before:.2%}")
            assert after >= before - max(0.005, 2.5 / len(labels))


READERS = [DEFAULT_RUN, *(run_id for run_id in RUNS if run_id.endswith("/published"))]
CROPPED = pytest.mark.parametrize("enlarge", [False, True], ids=["as it is", "enlarged"])


def test_a_few_pictures_cropped_to_the_digit_are_read_as_well_as_whole_ones(test_images):
    images, labels = test_images.images.numpy()[:100], test_images.labels[:100]
    assert_cropped_pictures_are_read(images, labels, enlarge=False, style=dark_on_light)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("n", "enlarge", "style"),
    [(300, False, light_on_dark), (60, True, dark_on_light)],
    ids=["small", "large"],
)
def test_more_pictures_cropped_to_the_digit_are_read_as_well_as_whole_ones(n, enlarge, style, test_images):
    chosen = np.random.default_rng(0).choice(10_000, n, replace=False)
    images, labels = test_images.images.numpy()[chosen], test_images.labels[chosen]
    assert_cropped_pictures_are_read(images, labels, enlarge=enlarge, style=style)


@pytest.mark.slow
@CROPPED
@pytest.mark.parametrize("style", [dark_on_light, light_on_dark])
def test_all_pictures_cropped_to_the_digit_are_read_as_well_as_whole_ones(enlarge, style, test_images):
    images, labels = test_images.images.numpy(), test_images.labels
    assert_cropped_pictures_are_read(images, labels, enlarge=enlarge, style=style)


ROWS, COLUMNS = np.mgrid[0:400, 0:360]
FROM_CENTER = np.hypot(COLUMNS / 360 - 0.5, ROWS / 400 - 0.5)
PAPERS = {  # of a photo: levels of grey, their noise, and the least accuracy of the default run
    "plain": (np.full((400, 360), 220.0), 0, 0.99),
    "light from one side": (150 + 90 * COLUMNS / 359, 0, 0.975),
    "light that falls off": (230 * (1 - 1.2 * FROM_CENTER**2), 0, 0.975),
    "noise": (np.full((400, 360), 220.0), 15, 0.99),
    "noise in uneven light": (170 + 70 * ROWS / 399, 8, 0.99),
    "ruled": (np.where(ROWS % 45 < 2, 190.0, 230.0), 0, 0.98),
    "a dark corner": (np.where(ROWS + COLUMNS < 40, 60.0, 220.0), 0, 0.98),
    "a dark frame": (np.pad(np.full((392, 352), 220.0), 4, constant_values=60.0), 0, 0.98),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "plain" else pytest.mark.thorough) for name in PAPERS]
)
def test_photos_on_uneven_paper_are_read(name, test_images):
    paper, noise, least = PAPERS[name]
    random = np.random.default_rng(0)
    chosen = random.choice(10_000, 40, replace=False)
    made = []
    for number in chosen:
        ink = enlarged(test_images.images[number].numpy(), number) / 255
        levels = paper * (1 - ink) + 30 * ink + random.normal(0, noise or 1e-9, ink.shape)
        made.append(image_of_picture(Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))))
    timeline, _ = load_checkpoint(checkpoint_path(RUNS[DEFAULT_RUN]))
    scores = evaluate(timeline.at(-1), torch.stack(made).double(), test_images.labels[chosen])[0]
    print(f"{name}: {scores.accuracy:.2%} of {scores.n}")
    assert scores.accuracy >= least
