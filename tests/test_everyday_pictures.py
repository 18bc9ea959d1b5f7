"""Pictures that people have are read as well as clean ones: thin lines, shadows, ruled paper, frames."""

import contextlib
from typing import NamedTuple

import numpy as np
import pytest
import torch
from committed import load_timeline
from everyday_pictures import cropped, ink_of, picture, thin, wide, with_transparent_edge
from made_pictures import dark_on_light, made_ink
from picture_kinds import GOALS, MAKERS, MOST_WRONG
from PIL import Image

from mnist_core.detector.network import is_not_a_digit, load_detector
from mnist_core.drawings.line_width import line_width
from mnist_core.drawings.pictures import find_ink, image_of_picture
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.errors import PictureError
from mnist_core.runs.recipes import DEFAULT_RUN

HANDWRITINGS = read_handwritings()
KINDS = {kind: (group, maker) for group, kinds in MAKERS.items() for kind, maker in kinds.items()}
QUICK = {
    *("clean", "1 pixel of 300", "1 pixel of 1,000", "12 % of the height", "last row and column"),
    *("a window's shadow", "hard shadow, 50", "soft shadow, 60", "gradient, 40", "lined", "squared, tilted"),
    *(
        "margin",
        "noise of 15",
        "2 pixels",
        "dark strip",
        "turned",
        "graph paper",
        "chalk",
        "in a box",
        "cropped",
    ),
}


class Outcomes(NamedTuple):
    right: int
    refused: int
    wrong: int


def outcomes(kind: str, every: int) -> Outcomes:
    """How many pictures of a kind are read right, refused and shown wrong."""
    maker, entries = KINDS[kind][1], HANDWRITINGS[::every]
    images = torch.zeros(len(entries), 28, 28)
    is_refused = torch.zeros(len(entries), dtype=torch.bool)
    for place, entry in enumerate(entries):
        try:
            images[place] = image_of_picture(maker(entry.drawing, place * every))
        except PictureError:
            is_refused[place] = True
    is_refused |= is_not_a_digit(load_detector(), images)
    read = load_timeline(DEFAULT_RUN).at(-1).logits(images)[0].argmax(1)
    is_right = (read == torch.tensor([entry.label for entry in entries])) & ~is_refused
    right, refused = int(is_right.sum()), int(is_refused.sum())
    return Outcomes(right, refused, len(entries) - right - refused)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in QUICK else pytest.mark.thorough) for kind in KINDS]
)
def test_a_few_pictures_of_a_kind_are_all_read(kind: str) -> None:
    assert outcomes(kind, 27) == Outcomes(3, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_most_pictures_of_a_kind_are_read_and_hardly_any_is_shown_wrong(kind: str) -> None:
    got = outcomes(kind, 1)
    print(f"{kind}: {got}")
    assert got.right >= GOALS[KINDS[kind][0]]
    assert got.wrong <= MOST_WRONG


@pytest.mark.parametrize("pixels", [4, 9, 20, 48])
@pytest.mark.parametrize("turned", [False, True])
def test_the_width_of_a_line_is_measured(pixels: int, turned: bool) -> None:
    ink = np.zeros((300, 300))
    if turned:
        down, right = np.mgrid[0:300, 0:300]
        ink[abs(down - right) < pixels / 2**0.5] = 1
    else:
        ink[20:280, 100 : 100 + pixels] = 1
    assert line_width(ink) == pytest.approx(pixels, rel=0.2)


@pytest.mark.parametrize("width", [0.005, 0.01, 0.1, 0.12])
def test_lines_of_all_widths_come_out_as_wide_as_those_of_mnist(width: float) -> None:
    for entry in HANDWRITINGS[::16]:
        image = image_of_picture(wide(entry.drawing, 0, width=width)).double().numpy()
        assert 1.6 < line_width(image) < 5.2


@pytest.mark.parametrize("side", [150, 500, 900])
def test_a_thin_line_gives_nearly_the_image_of_a_wider_one(side: int) -> None:
    for entry in HANDWRITINGS[::16]:
        one, other = thin(entry.drawing, 0, side=side), wide(entry.drawing, 0, width=0.03)
        assert (image_of_picture(one) - image_of_picture(other)).abs().mean() < 0.05


@pytest.mark.parametrize("paper", [255, 200, 90])
def test_what_is_transparent_takes_the_paper_of_what_is_opaque(paper: int) -> None:
    whole = Image.fromarray((paper - made_ink(200, 150) * 0.3).astype(np.uint8))
    sheet = whole.copy()
    sheet.putalpha(Image.fromarray(np.pad(np.full((190, 146), 255, np.uint8), ((2, 8), (4, 0)))))
    assert (image_of_picture(sheet) - image_of_picture(whole)).abs().mean() < 0.01


@pytest.mark.parametrize("edge", ["last", "first", "all", "corners"])
def test_a_transparent_edge_changes_hardly_anything(edge: str) -> None:
    for entry in HANDWRITINGS[::16]:
        whole, edged = picture(1 - ink_of(entry.drawing)), with_transparent_edge(entry.drawing, 0, edge=edge)
        assert (image_of_picture(edged) - image_of_picture(whole)).abs().mean() < 0.015


@pytest.mark.parametrize("sides", ["t", "r", "bl", "trb", "trbl"])
@pytest.mark.parametrize(("thick", "level"), [(1, 0), (3, 0), (5, 60), (20, 0)])
def test_a_frame_is_no_ink(sides: str, thick: int, level: int) -> None:
    plain = np.asarray(dark_on_light(made_ink(300, 260))).copy()
    framed = plain.copy()
    for turns, side in enumerate("trbl"):
        if side in sides:
            np.rot90(framed, turns)[:thick] = level
    made, expected = (image_of_picture(Image.fromarray(each)) for each in (framed, plain))
    assert (made - expected).abs().mean() < 0.01


@pytest.mark.parametrize(("right", "down"), [(0.3, 0.1), (-0.2, 0.2), (0.05, 0)])
def test_a_blank_sheet_in_uneven_light_shows_no_digit(right: float, down: float) -> None:
    rows, columns = np.mgrid[0:300, 0:300]
    light = (130 + right * columns + down * rows).round().astype(np.uint8)
    with contextlib.suppress(PictureError):  # is what is raised where it shows no ink
        assert is_not_a_digit(load_detector(), image_of_picture(Image.fromarray(light))[None]).item()


def test_the_strongest_ink_in_a_shadow_counts_as_the_strongest_in_the_light() -> None:
    entry = HANDWRITINGS[3]
    lit = np.where(np.arange(400)[:, None] < 200, 0.5, 1)
    ink = find_ink(picture((1 - 0.8 * ink_of(entry.drawing)) * lit))
    upper, lower = np.split(ink, 2)
    assert upper[:-5].max() == pytest.approx(lower[5:].max(), abs=0.03)


@pytest.mark.parametrize("number", [18, 22, 38, 58, 62])
def test_a_bar_that_goes_all_across_a_picture_cropped_to_its_digit_is_no_ruled_line(number: int) -> None:
    drawing = HANDWRITINGS[number].drawing
    tight, loose = (image_of_picture(cropped(drawing, 0, margin=margin, width=0.01)) for margin in (0, 40))
    assert (tight - loose).abs().mean() < 0.03
