"""Fine-tuning on one writer: who learns from what, how drawings are distorted, and what comes of it."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from made import made_images, made_timeline, network_at
from torch import nn

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.mnist import images_of_drawings
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, LabelledDrawing, parse_drawing, read_handwritings
from mnist_core.errors import DrawingError
from mnist_core.networks.model import linear_layers
from mnist_core.runs.recipes import RUNS
from mnist_core.training.fine_tuning import (
    count_errors,
    draw_maps,
    fine_tune,
    fine_tuning_images,
    images_of_variants,
    measure_fine_tuning,
    move_points,
    split_by_shots,
)

EVERY_RUN = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
RUN = RUNS["relu-50/published"]
HANDWRITINGS = read_handwritings()
DRAWINGS = [entry.drawing for entry in HANDWRITINGS]
IMAGES = images_of_drawings(HANDWRITINGS)  # stand in for MNIST


def drawings_by(writer, labels):
    """One drawing of each of these labels, all different, by one writer."""
    return [
        LabelledDrawing(parse_drawing({"strokes": [[[0.1, 0.1], [0.9, number / 100]]]}), label, writer)
        for number, label in enumerate(labels)
    ]


def mirrored(entry):
    """The drawing by somebody who writes in mirror writing."""
    strokes = (stroke * [-1, 1] + [1, 0] for stroke in entry.drawing.strokes)
    return LabelledDrawing(Drawing(tuple(strokes)), entry.label, "mirror")


MIRRORED = [mirrored(entry) for entry in HANDWRITINGS]


def test_the_first_drawings_of_each_digit_are_learned_and_all_others_tested():
    drawings = drawings_by("a", [3, 1, 3, 3, 1, 3])
    (writer,) = split_by_shots(drawings, 2)
    assert writer.training == [drawings[0], drawings[1], drawings[2], drawings[4]]
    assert writer.test == [drawings[3], drawings[5]]


@pytest.mark.parametrize("shots", [1, 2, 3])
def test_every_drawing_of_a_tested_writer_is_either_learned_or_tested(shots):
    drawings = drawings_by("a", np.random.default_rng(0).integers(10, size=80).tolist())
    (writer,) = split_by_shots(drawings, shots)
    learned, tested = ({id(entry) for entry in part} for part in (writer.training, writer.test))
    assert learned | tested == {id(entry) for entry in drawings}
    assert not learned & tested
    assert max(Counter(entry.label for entry in writer.training).values()) == shots


def test_writers_learn_from_their_own_drawings_alone():
    first, second = drawings_by("a", [1, 1]), drawings_by("b", [1, 1])
    mixed = [first[0], second[0], first[1], second[1]]
    assert [(writer.training, writer.test) for writer in split_by_shots(mixed, 1)] == [
        ([first[0]], [first[1]]),
        ([second[0]], [second[1]]),
    ]


def test_a_writer_with_no_drawing_left_to_test_on_is_left_out():
    drawings = drawings_by("a", [1, 2, 3]) + drawings_by("b", [4, 4])
    assert [writer.name for writer in split_by_shots(drawings, 1)] == ["b"]


def test_a_writer_who_lacks_digits_learns_from_what_there_is():
    (writer,) = split_by_shots(drawings_by("a", [7, 7, 9]), 1)
    assert [entry.label for entry in writer.training] == [7, 9]


def test_a_batch_is_32_own_drawings_and_32_images_of_mnist():
    mnist = made_images(200)
    batches = fine_tuning_images(HANDWRITINGS[:3], mnist, steps=5, random=np.random.default_rng(0))
    labels = {entry.label for entry in HANDWRITINGS[:3]}
    for images, digits in zip(batches.images.split(64), batches.labels.split(64), strict=True):
        assert set(digits[:32].tolist()) <= labels
        numbers = images[32:, 0, 0].long()  # a made image's first pixel is its number
        assert torch.equal(images[32:], mnist.images[numbers])
        assert torch.equal(digits[32:], mnist.labels[numbers])


def test_own_drawings_are_distorted_anew_every_time():
    batches = fine_tuning_images(HANDWRITINGS[:1], IMAGES, steps=10, random=np.random.default_rng(0))
    own = batches.images.unflatten(0, (10, 64))[:, :32].reshape(320, -1)
    assert len(own.unique(dim=0)) == 320


def test_own_drawings_are_chosen_equally_often():
    pair = [HANDWRITINGS[0], next(each for each in HANDWRITINGS if each.label != HANDWRITINGS[0].label)]
    batches = fine_tuning_images(pair, IMAGES, steps=100, random=np.random.default_rng(0))
    own = batches.labels.unflatten(0, (100, 64))[:, :32]
    assert (own == pair[0].label).double().mean().item() == pytest.approx(0.5, abs=0.04)


@EVERY_RUN
def test_the_finished_network_is_the_last_snapshot(run):
    timeline = made_timeline(run)
    expected = network_at(timeline, -1)(IMAGES.ink(torch.float64))
    torch.testing.assert_close(timeline.model(-1)(IMAGES.ink()).double(), expected, atol=1e-5, rtol=0)


@EVERY_RUN
def test_steps_are_adams_on_the_cross_entropy_without_dropout_and_their_rate_falls_like_a_cosine(run):
    timeline = made_timeline(replace(run, fine_tuning_share=1.0))
    expected = network_at(timeline, -1).float()  # in eval mode: no dropout
    images = fine_tuning_images(HANDWRITINGS[:10], IMAGES, steps=2, random=np.random.default_rng(3))
    optimizer = torch.optim.Adam(expected.parameters())
    batches = zip(images.ink().split(64), images.labels.split(64), strict=True)
    for share, (ink, labels) in zip((1, 0.5), batches, strict=True):  # (1 + cos 0) / 2, (1 + cos 90°) / 2
        optimizer.param_groups[0]["lr"] = share * run.fine_tuning_rate
        optimizer.zero_grad()
        nn.functional.cross_entropy(expected(ink), labels).backward()
        optimizer.step()
    network = fine_tune(timeline, HANDWRITINGS[:10], IMAGES, steps=2, random=np.random.default_rng(3))
    for layer, wanted in zip(linear_layers(network), linear_layers(expected), strict=True):
        torch.testing.assert_close(layer.bias, wanted.bias, atol=1e-5, rtol=0)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.75])
def test_a_share_of_the_way_from_the_old_weights_to_the_new_ones_is_kept(share):
    old, new, kept = (
        linear_layers(
            fine_tune(
                made_timeline(replace(RUN, fine_tuning_share=part)),
                *(HANDWRITINGS[:10], IMAGES),
                steps=3,
                random=np.random.default_rng(0),
            )
        )
        for part in (0, 1, share)
    )
    for before, after, layer in zip(old, new, kept, strict=True):
        for name in ("weight", "bias"):
            start, end = getattr(before, name), getattr(after, name)
            torch.testing.assert_close(getattr(layer, name), (1 - share) * start + share * end)


def test_a_share_of_zero_is_the_network_as_it_was():
    timeline = made_timeline(replace(RUN, fine_tuning_share=0.0))
    network = fine_tune(timeline, HANDWRITINGS[:10], IMAGES, steps=3, random=np.random.default_rng(0))
    for layer, weight in zip(linear_layers(network), timeline.weights, strict=True):
        assert torch.equal(layer.weight, weight[-1].float())


def test_a_learning_rate_of_zero_changes_nothing():
    timeline = made_timeline(replace(RUN, fine_tuning_rate=0.0))
    network = fine_tune(timeline, HANDWRITINGS[:10], IMAGES, steps=3, random=np.random.default_rng(0))
    for layer, weight in zip(linear_layers(network), timeline.weights, strict=True):
        assert torch.equal(layer.weight, weight[-1].float())


def test_fine_tuning_leaves_the_timeline_as_it_was():
    timeline = made_timeline(RUN)
    before = [weight.clone() for weight in timeline.weights]
    fine_tune(timeline, HANDWRITINGS[:10], IMAGES, steps=3, random=np.random.default_rng(0))
    assert all(map(torch.equal, timeline.weights, before))


@pytest.fixture(scope="module")
def measured():
    """The published relu-50, fine-tuned on somebody who writes in mirror writing."""
    timeline = load_checkpoint(checkpoint_path(RUN))[0]
    return measure_fine_tuning(timeline, MIRRORED, IMAGES, IMAGES, steps=200)


def test_mirror_writing_is_read_better_after_one_drawing_of_each_digit(measured):
    assert measured.errors_before > 0.3
    assert measured.errors_after < 0.7 * measured.errors_before


def test_all_drawings_but_the_learned_ones_are_counted(measured):
    assert (measured.writers, measured.n) == (1, len(MIRRORED) - 10)


def test_errors_before_are_those_of_the_finished_network(measured):
    timeline = load_checkpoint(checkpoint_path(RUN))[0]
    (writer,) = split_by_shots(MIRRORED, 1)
    unseen = images_of_drawings(writer.test)
    wrong = network_at(timeline, -1)(unseen.ink(torch.float64)).argmax(1) != unseen.labels
    assert measured.errors_before == wrong.sum().item() / measured.n


def test_errors_of_several_writers_are_pooled_and_those_on_mnist_averaged():
    timeline, counted = made_timeline(RUN), made_images(100)
    others = [replace(entry, writer="other") for entry in HANDWRITINGS[:30]]
    together = measure_fine_tuning(timeline, MIRRORED + others, IMAGES, counted, steps=3)
    after = mnist_after = 0
    for number, writer in enumerate(split_by_shots(MIRRORED + others, 1)):
        random = np.random.default_rng([0, number])
        network = fine_tune(timeline, writer.training, IMAGES, steps=3, random=random)
        unseen = images_of_drawings(writer.test)
        after += count_errors(network, unseen.ink(), unseen.labels)
        mnist_after += count_errors(network, counted.ink(), counted.labels)
    assert together.errors_after == after / together.n
    assert together.mnist_errors_after == mnist_after / 2 / 100


def test_equal_seeds_give_equal_networks_and_leave_the_random_state(random_state):
    timeline = made_timeline(RUN)
    first, same, other = (
        fine_tune(timeline, MIRRORED[:10], IMAGES, steps=3, random=np.random.default_rng(seed))[2].weight
        for seed in (0, 0, 1)
    )
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), random_state)


def test_drawings_that_leave_nothing_to_test_on_are_refused():
    with pytest.raises(DrawingError) as caught:
        measure_fine_tuning(made_timeline(RUN), drawings_by("a", range(10)), IMAGES, IMAGES)
    assert str(caught.value) == (
        "No writer has more than 1 drawings of a digit, so none is left to test on; "
        "learn from fewer (--shots), or give a file with more."
    )


DEGREE = math.pi / 180
DOT = parse_drawing({"strokes": [[[0.3, 0.4]]]})
TWO_DOTS = parse_drawing({"strokes": [[[0.3, 0.4]], [[0.6, 0.9], [0.6, 0.9], [0.7, 0.9]]]})


class Always:
    """A generator whose numbers are all this share of their bound."""

    def __init__(self, number):
        self.number = number

    def uniform(self, low, high, shape):
        assert low == -high
        return np.full(shape, self.number * high)


def parts_of(maps):
    """Rotation in degrees, width, height and shear of maps that enlarge, then slant, then turn."""
    angle = np.arctan2(maps[:, 1, 0], maps[:, 0, 0])
    cosine, sine = np.cos(angle), np.sin(angle)
    slant = cosine * maps[:, 0, 1] + sine * maps[:, 1, 1]
    height = cosine * maps[:, 1, 1] - sine * maps[:, 0, 1]
    return angle / DEGREE, np.hypot(maps[:, 0, 0], maps[:, 1, 0]), height, slant / height


def test_a_map_bends_then_enlarges_then_slants_then_turns():
    x, y = 0.5, -1.0
    bend = 0.3 * (x * x + x * y + y * y)
    x, y = 1.09 * (x + bend), 1.09 * (y + bend)
    x += 0.15 * y
    cosine, sine = math.cos(7 * DEGREE), math.sin(7 * DEGREE)
    moved = draw_maps(1, Always(1))[0] @ [0.5, -1.0, 0.25, -0.5, 1.0]
    assert moved == pytest.approx([cosine * x - sine * y, sine * x + cosine * y])


def test_the_middle_of_all_maps_leaves_a_drawing_as_it_is():
    assert draw_maps(1, Always(0))[0] == pytest.approx(np.eye(2, 5))


def test_bends_are_uniform_within_their_bounds():
    maps = draw_maps(20_000, np.random.default_rng(0))
    bends = np.linalg.solve(maps[:, :, :2], maps[:, :, 2:]) / 0.3
    counts, _ = np.histogram(bends, bins=10, range=(-1, 1))
    assert abs(bends).max() <= 1 + 1e-9
    assert counts == pytest.approx(np.full(10, 12_000), abs=500)


@pytest.mark.parametrize(
    ("part", "middle", "bound"), [(0, 0, 7), (1, 1, 0.09), (2, 1, 0.09), (3, 0, 0.15)], ids=str
)
def test_rotation_width_height_and_shear_are_uniform_within_their_bounds(part, middle, bound):
    values = (parts_of(draw_maps(20_000, np.random.default_rng(0)))[part] - middle) / bound
    counts, _ = np.histogram(values, bins=10, range=(-1, 1))
    assert abs(values).max() <= 1 + 1e-9
    assert counts == pytest.approx(np.full(10, 2_000), abs=200)


def test_the_parts_of_a_map_are_drawn_independently():
    parts = np.corrcoef(parts_of(draw_maps(20_000, np.random.default_rng(0))))
    assert parts == pytest.approx(np.eye(4), abs=0.03)


def test_points_move_around_the_middle_of_the_box_in_half_its_longer_side():
    drawing = parse_drawing({"strokes": [[[0.2, 0.1], [0.6, 0.1]], [[0.4, 0.5]]]})  # middle: (0.4, 0.3)
    quarter_turn_and_bend = np.array([[[0.0, -1.0, 0, 0, 0], [1.0, 0.0, 0.5, 0, 0]]])  # half a side is 0.2
    line, dot = (stroke[0].tolist() for stroke in move_points(drawing, quarter_turn_and_bend))
    assert line == [pytest.approx([0.2, -0.2 + 0.1]), pytest.approx([0.2, 0.2 + 0.1])]
    assert dot == [pytest.approx([-0.2, 0.0])]


@pytest.mark.parametrize("drawing", [*DRAWINGS[::8], DOT, TWO_DOTS])
def test_many_variants_at_once_are_the_images_of_each_drawing_alone(drawing):
    maps = draw_maps(40, np.random.default_rng(1))
    strokes = move_points(drawing, maps)
    alone = [image_of_drawing(Drawing(tuple(stroke[n] for stroke in strokes))) for n in range(len(maps))]
    levels = (torch.stack(alone) * 255).round().int()
    difference = (images_of_variants(drawing, maps).int() - levels).abs()
    assert difference.max() <= 1
    assert (difference > 0).sum() <= 4  # of 31,360 pixels: single precision


def test_variants_of_one_drawing_all_differ():
    images = images_of_variants(DRAWINGS[0], draw_maps(50, np.random.default_rng(0)))
    assert len(images.flatten(1).unique(dim=0)) == 50
