"""The handwritings as pictures that people have: photographs, scans, and what drawing programs save.

Each maker takes a drawing and its number, by which lights, papers and noise differ, and gives a picture.
"""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from mnist_core.drawings.pictures import open_picture
from mnist_core.drawings.strokes import Drawing

Levels = NDArray[np.float64]  # (height, width), 0 to 1: ink, light, or what paper throws back
Maker = Callable[[Drawing, int], Image.Image]
SIDE = 400  # pixels of a picture, where nothing else is said
WHITE = 0.92  # of the light, what paper throws back
PEN, PENCIL = 0.15, 0.55  # what their ink throws back
WIDTH = 0.025  # of a line, in heights of the picture
FINER = 3  # times: how finely a smooth line is drawn before it is made small


def ink_of(drawing: Drawing, *, side: int = SIDE, width: float = WIDTH) -> Levels:
    """A drawing's ink with a smooth edge, (side, side); `width` in heights of the picture."""
    large = _drawn(drawing, side * FINER, max(1, round(width * side * FINER)))
    return np.asarray(large.reduce(FINER), dtype=np.float64) / 255


def hard_ink_of(drawing: Drawing, *, side: int, width: int = 1) -> Levels:
    """The same with a hard edge; `width` in pixels: a simple drawing program's pencil."""
    return np.asarray(_drawn(drawing, side, width), dtype=np.float64) / 255


def _drawn(drawing: Drawing, side: int, width: int) -> Image.Image:
    picture = Image.new("L", (side, side))
    pen = ImageDraw.Draw(picture)
    for stroke in drawing.strokes:
        points = [tuple(point) for point in (stroke * side).tolist()]
        pen.line([*points, points[-1]], fill=255, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            if width > 2:
                pen.circle((x, y), width / 2, fill=255)
    return picture


def on(paper: Levels | float, ink: Levels, *, pen: float = PEN) -> Levels:
    """Ink laid on paper: what both throw back."""
    return paper * (1 - ink) + pen * ink


def picture(levels: Levels) -> Image.Image:
    """Levels of 0 to 1 as a grey picture."""
    return Image.fromarray((levels.clip(0, 1) * 255).round().astype(np.uint8))


def places(side: int = SIDE) -> tuple[Levels, Levels]:
    """Of every pixel how far down and how far to the right it lies, 0 to 1."""
    down, right = (np.mgrid[0:side, 0:side] + 0.5) / side
    return down, right


def noise(number: int, strength: float, side: int = SIDE) -> Levels:
    """Noise of a camera; `strength` is its standard deviation in grey levels of 255."""
    return np.random.default_rng(number).normal(0, strength / 255, (side, side))


# Lines and transparency


def thin(drawing: Drawing, number: int, *, side: int) -> Image.Image:
    """A hard line of one pixel."""
    return picture(1 - hard_ink_of(drawing, side=side))


def wide(drawing: Drawing, number: int, *, width: float, side: int = SIDE) -> Image.Image:
    """A line of this width, in heights of the picture."""
    return picture(1 - ink_of(drawing, side=side, width=width))


def with_transparent_edge(drawing: Drawing, number: int, *, edge: str, light: bool = True) -> Image.Image:
    """A sheet, white or black, of which rows, columns, corners or a wide shadow around it are transparent."""
    ink = ink_of(drawing)
    sheet = picture(1 - ink if light else ink).convert("RGB")
    alpha = np.full((SIDE, SIDE), 255, np.uint8)
    if edge == "last":
        alpha[-1], alpha[:, -1] = 0, 0
    elif edge == "first":
        alpha[0], alpha[:, 0] = 0, 0
    elif edge == "all":
        alpha = np.pad(alpha[3:-3, 3:-3], 3)
    elif edge == "corners":
        mask = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), 40, fill=255)
        alpha = np.asarray(mask)
    elif edge == "shadow":
        inner = Image.fromarray(np.pad(alpha[40:-40, 40:-40], 40))
        shadow = np.asarray(inner.filter(ImageFilter.GaussianBlur(12))) * 0.5
        sheet = Image.composite(sheet, Image.new("RGB", sheet.size), inner)  # the shadow itself is black
        alpha = np.maximum(shadow, np.asarray(inner)).astype(np.uint8)
    sheet.putalpha(Image.fromarray(alpha))
    return sheet


# Light


def in_shadow(
    drawing: Drawing, number: int, *, left: float, soft: float = 0, share: float = 0.5
) -> Image.Image:
    """A shadow that leaves so much of the light falls over part of the sheet, from another side each time.

    `soft`: how wide its edge is, in widths of the picture. `share`: of the sheet that lies in the shadow.
    """
    down, right = places()
    angle = number * 2.4
    along = (down - 0.5) * np.sin(angle) + (right - 0.5) * np.cos(angle)
    edge = np.quantile(along, share)
    lit = (along > edge) if not soft else ((along - edge) / soft + 0.5).clip(0, 1)
    return picture(on(WHITE, ink_of(drawing)) * (left + (1 - left) * lit))


def in_band_of_shadow(drawing: Drawing, number: int, *, left: float) -> Image.Image:
    """The shadow of a bar, such as a window's, goes across the sheet."""
    down, right = places()
    angle = number * 2.4
    along = (down - 0.5) * np.sin(angle) + (right - 0.5) * np.cos(angle)
    return picture(on(WHITE, ink_of(drawing)) * np.where(abs(along) < 0.17, left, 1))


def in_gradient(drawing: Drawing, number: int, *, left: float) -> Image.Image:
    """Light that falls off evenly from one side."""
    down, right = places()
    angle = number * 2.4
    along = (down - 0.5) * np.sin(angle) + (right - 0.5) * np.cos(angle)
    return picture(on(WHITE, ink_of(drawing)) * np.interp(along, [-0.6, 0.6], [left, 1]))


def vignette(drawing: Drawing, number: int, *, left: float = 0.5) -> Image.Image:
    """Light that falls off towards the corners."""
    down, right = places()
    away = np.hypot(down - 0.5, right - 0.5) / np.sqrt(0.5)
    return picture(on(WHITE, ink_of(drawing)) * (1 - (1 - left) * away**2))


# Paper


def ruled(
    drawing: Drawing,
    number: int,
    *,
    apart: float = 0.11,
    level: float = 0.7,
    thick: int = 2,
    squares: bool = False,
    margin: bool = False,
    tilt: float = 0,
    pen: float = PEN,
) -> Image.Image:
    """Lines of a copybook, so far apart (in heights of the picture); tilted by a slope.

    `level`: what the lines throw back. `squares`: they cross. `margin`: a vertical red line at one side.
    """
    down, right = (each * SIDE for each in places())
    step = apart * SIDE
    paper = np.full((SIDE, SIDE), WHITE)
    paper[(down + tilt * right + number * 7) % step < thick] = level
    if squares:
        paper[(right - tilt * down + number * 5) % step < thick] = level
    if margin:
        paper[abs(right - tilt * down - (0.12 + 0.01 * (number % 5)) * SIDE) < 1.5] = 0.6
    return picture(on(paper, ink_of(drawing), pen=pen))


def in_color(drawing: Drawing, number: int, *, paper: str, pen: str, lines: str = "") -> Image.Image:
    """A pen on paper of colours, with lines of another one."""
    ink = Image.fromarray((ink_of(drawing) * 255).astype(np.uint8))
    sheet = Image.new("RGB", ink.size, paper)
    if lines:
        draw = ImageDraw.Draw(sheet)
        for row in range(30 + number % 20, SIDE, 44):
            draw.line((0, row, SIDE, row), fill=lines, width=2)
    sheet.paste(Image.new("RGB", ink.size, pen), mask=ink)
    return sheet


def pencil(
    drawing: Drawing, number: int, *, strength: float, width: float = 0.012, pen: float = PENCIL
) -> Image.Image:
    """A pencil's faint line, and noise."""
    return picture(on(WHITE, ink_of(drawing, width=width), pen=pen) + noise(number, strength))


# Frames


def framed(
    drawing: Drawing,
    number: int,
    *,
    thick: int,
    sides: str = "trbl",
    level: float = 0.0,
    paper: float = WHITE,
) -> Image.Image:
    """A border of so many pixels on the top, right, bottom or left side."""
    levels = on(paper, ink_of(drawing))
    for turns, side in enumerate("trbl"):
        if side in sides:
            np.rot90(levels, turns)[:thick] = level
    return picture(levels)


def beside_a_table(
    drawing: Drawing, number: int, *, share: float = 0.08, level: float = 0.3, slope: float = 0
) -> Image.Image:
    """A dark strip on another side each time: what lies beside the sheet; its edge may slope."""
    down, right = places()
    levels = on(WHITE, ink_of(drawing))
    strip = np.rot90(down + slope * (right - 0.5) < share, number % 4)
    levels[strip] = level
    return picture(levels + noise(number, 2))


# Photographs


def photograph(
    drawing: Drawing, number: int, *, lines: bool = False, side: int = SIDE, turned: int = 1
) -> Image.Image:
    """A phone's JPEG file: uneven light, noise, lines or none, and turned as EXIF says."""
    down, right = places(side)
    light = 1 - 0.45 * ((down - 0.3) ** 2 + (right - 0.6) ** 2)
    paper = np.full((side, side), 0.85)
    if lines:
        paper[(down * side + 0.02 * right * side) % (0.1 * side) < 0.005 * side] = 0.68
    levels = on(paper, ink_of(drawing, side=side), pen=0.25) * light
    levels = np.asarray(picture(levels).filter(ImageFilter.GaussianBlur(side / 400)), np.float64) / 255
    shot = picture(levels + noise(number, 6, side))
    if turned == 6:
        shot = shot.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = turned
    stream = io.BytesIO()
    shot.convert("RGB").save(stream, "JPEG", quality=70, exif=exif)
    return open_picture(stream.getvalue())


def compressed(maker: Maker, quality: int) -> Maker:
    """What a maker makes, after it has been a JPEG file."""

    def made(drawing: Drawing, number: int) -> Image.Image:
        stream = io.BytesIO()
        maker(drawing, number).convert("L").save(stream, "JPEG", quality=quality)
        return open_picture(stream.getvalue())

    return made


def inverted(maker: Maker) -> Maker:
    """What a maker makes, light on dark."""
    return lambda drawing, number: Image.eval(maker(drawing, number), lambda level: 255 - level)


# Several at once


def thin_in_shadow(drawing: Drawing, number: int, *, side: int = SIDE) -> Image.Image:
    """A hard line of one pixel, half of it in a hard shadow."""
    down, right = places(side)
    angle = number * 2.4
    along = (down - 0.5) * np.sin(angle) + (right - 0.5) * np.cos(angle)
    return picture(on(WHITE, hard_ink_of(drawing, side=side)) * np.where(along > 0, 1, 0.6))


def thin_on_lines(drawing: Drawing, number: int) -> Image.Image:
    """A hard line of one pixel on lined paper."""
    down, _ = places()
    paper = np.where((down * SIDE + number * 3) % (SIDE * 0.09) < 1, 0.65, WHITE)
    return picture(on(paper, hard_ink_of(drawing, side=SIDE)))


def thin_in_noise(drawing: Drawing, number: int, *, side: int = SIDE) -> Image.Image:
    """A hard line of one pixel, and noise."""
    return picture(on(WHITE, hard_ink_of(drawing, side=side)) + noise(number, 8, side))


def wide_in_shadow(drawing: Drawing, number: int) -> Image.Image:
    """A wide line, half of it in a shadow."""
    down, right = places()
    lit = (down - 0.5) * np.sin(number) + (right - 0.5) * np.cos(number) > 0
    return picture(on(WHITE, ink_of(drawing, width=0.1)) * np.where(lit, 1, 0.55))


def in_two_shadows(drawing: Drawing, number: int) -> Image.Image:
    """Two shadows that cross each other."""
    down, right = places()
    light = np.where(right > 0.3 + 0.1 * (number % 4), 1, 0.65) * np.where(down > 0.4, 1, 0.75)
    return picture(on(WHITE, ink_of(drawing)) * light)


def small_on_a_sheet(drawing: Drawing, number: int, *, side: int, part: int) -> Image.Image:
    """A drawing of `part` pixels on a sheet of `side`, and noise."""
    ink = np.zeros((side, side))
    down, right = side // 3, side // 2
    ink[down : down + part, right : right + part] = ink_of(drawing, side=part)
    return picture(on(WHITE, ink) + noise(number, 4, side))


def on_a_wide_sheet(drawing: Drawing, number: int, *, width: float = WIDTH) -> Image.Image:
    """A sheet of 300 × 700 pixels."""
    return picture(1 - np.pad(ink_of(drawing, side=300, width=width), ((0, 0), (130, 270))) * 0.9)


def framed_photograph(drawing: Drawing, number: int, *, thick: int, level: float) -> Image.Image:
    """A photograph on lined paper between two stripes."""
    levels = np.asarray(photograph(drawing, number, lines=True).convert("L"), dtype=np.float64) / 255
    levels[:thick] = levels[-thick:] = level
    return picture(levels)


# Others


def on_graph_paper(
    drawing: Drawing, number: int, *, apart: int = 10, tilt: float = 0, pen: float = PEN, fifth: float = 0.6
) -> Image.Image:
    """Fine squares, `apart` in pixels, every fifth line thicker; `fifth`: what that one throws back."""
    down, right = (each * SIDE for each in places())
    paper = np.full((SIDE, SIDE), WHITE)
    for step, thick, level in ((apart, 1, 0.85), (5 * apart, 2, fifth)):
        for along in (down + tilt * right, right - tilt * down):
            paper[(along + 3 * number) % step < thick] = level
    return picture(on(paper, ink_of(drawing), pen=pen))


def between_two_lines(drawing: Drawing, number: int) -> Image.Image:
    """Paper of primary schools: lines in pairs."""
    down, _ = (each * SIDE for each in places())
    return picture(on(np.where((down + number * 5) % 90 % 30 < 2, 0.68, WHITE), ink_of(drawing)))


def on_crumpled_paper(drawing: Drawing, number: int, *, folds: int = 9, depth: float = 0.25) -> Image.Image:
    """Paper with soft shadows everywhere."""
    heights = np.random.default_rng(number).random((folds, folds)).astype(np.float32)
    shade = np.asarray(Image.fromarray(heights).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    return picture(on(WHITE, ink_of(drawing)) * (1 - depth * shade.clip(0, 1)))


def chalk(drawing: Drawing, number: int, *, left: float = 1) -> Image.Image:
    """Chalk on a blackboard, part of it in a shadow that leaves so much of the light."""
    down, right = places()
    lit = (down - 0.5) * np.sin(number) + (right - 0.5) * np.cos(number) > 0
    grains = 0.75 + 0.25 * np.random.default_rng(number).random((SIDE, SIDE))
    levels = (0.2 + 0.6 * ink_of(drawing, width=0.035) * grains) * np.where(lit, 1, left)
    return picture(levels + noise(number, 5))


def in_round_shadow(drawing: Drawing, number: int, *, left: float, soft: float = 0.001) -> Image.Image:
    """The shadow of a head or a hand."""
    down, right = places()
    away = np.hypot(down - 0.97, right - 0.2 - number / 140)
    return picture(on(WHITE, ink_of(drawing)) * (left + (1 - left) * ((away - 0.57) / soft + 0.5).clip(0, 1)))


def in_patch_of_light(drawing: Drawing, number: int) -> Image.Image:
    """The sun through a window falls on a part of the sheet."""
    down, right = places()
    lit = (abs(down - 0.4 - number / 400) < 0.22) & (abs(right - 0.5) < 0.27)
    return picture(on(0.6, ink_of(drawing)) * np.where(lit, 1.5, 1))


def framed_in_shadow(drawing: Drawing, number: int, *, sides: str = "trbl", soft: float = 0) -> Image.Image:
    """Both a shadow and a black border of 4 pixels."""
    levels = np.asarray(in_shadow(drawing, number, left=0.6, soft=soft), dtype=np.float64) / 255
    for turns, side in enumerate("trbl"):
        if side in sides:
            np.rot90(levels, turns)[:4] = 0
    return picture(levels)


def ruled_in_shadow(drawing: Drawing, number: int, *, turned: int = 1) -> Image.Image:
    """Lined paper, half of it in a shadow; a JPEG file, turned as EXIF says."""
    lit = np.asarray(in_shadow(drawing, number, left=0.65), dtype=np.float64) / 255
    lines = np.asarray(ruled(drawing, number), dtype=np.float64) / 255
    shot = picture(np.minimum(lit, lines * lit / np.maximum(on(WHITE, ink_of(drawing)), 0.01)))
    if turned == 3:
        shot = shot.transpose(Image.Transpose.ROTATE_180)
    exif = Image.Exif()
    exif[0x0112] = turned
    stream = io.BytesIO()
    shot.save(stream, "JPEG", quality=60, exif=exif)
    return open_picture(stream.getvalue())


def tilted_sheet(drawing: Drawing, number: int, *, degrees: float) -> Image.Image:
    """A sheet that a program turned, black in the corners."""
    turned = picture(on(WHITE, ink_of(drawing), pen=0))
    return turned.rotate(degrees if number % 2 else -degrees, resample=Image.Resampling.BICUBIC)


def in_a_box(drawing: Drawing, number: int) -> Image.Image:
    """A form's printed box around the digit."""
    sheet = picture(1 - ink_of(drawing))
    ImageDraw.Draw(sheet).rectangle((8, 8, SIDE - 9, SIDE - 9), outline=0, width=2)
    return sheet


def cropped(
    drawing: Drawing, number: int, *, margin: int, width: float = 0.04, left: float = 1
) -> Image.Image:
    """The box around the digit with so many pixels around it, its right half in a shadow."""
    ink = ink_of(drawing, width=width)
    rows, columns = (np.flatnonzero((ink > 0.1).any(axis)) for axis in (1, 0))
    ink = np.pad(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], margin)
    return picture(on(WHITE, ink) * np.where(np.arange(ink.shape[1]) * 2 > ink.shape[1], left, 1))


def softly_cut(drawing: Drawing, number: int, *, mode: str, light: bool = True) -> Image.Image:
    """A sheet with soft transparent edges, in a mode of Pillow."""
    ink = ink_of(drawing)
    sheet, alpha = picture(1 - ink if light else ink).convert("RGB"), Image.new("L", (SIDE, SIDE))
    alpha.paste(255, (30, 30, SIDE - 30, SIDE - 30))
    sheet.putalpha(alpha.filter(ImageFilter.GaussianBlur(8)))
    return sheet.quantize(64, method=Image.Quantize.FASTOCTREE) if mode == "P" else sheet.convert(mode)
