"""Pictures become images the way MNIST's were made; MNIST's own test images show how well."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from mnist_core.checkpoints.files import load_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path
from mnist_core.drawings.pictures import MAX_PIXELS, find_ink, image_of_picture, open_picture
from mnist_core.errors import PictureError
from mnist_core.measuring.evaluation import evaluate
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS


def dark_on_light(ink):
    return Image.fromarray(255 - ink)


def light_on_dark(ink):
    return Image.fromarray(ink)


def black_on_nothing(ink):
    return Image.merge("LA", [Image.new("L", ink.shape[::-1]), Image.fromarray(ink)])


def white_on_nothing(ink):
    return Image.merge("LA", [Image.new("L", ink.shape[::-1], 255), Image.fromarray(ink)])


def blue_on_yellow(ink):
    paper, pen = (np.array(color) for color in ((255, 240, 150), (20, 30, 120)))
    return Image.fromarray((paper + (pen - paper) * (ink[..., None] / 255)).astype(np.uint8))


STYLES = [dark_on_light, light_on_dark, black_on_nothing, white_on_nothing, blue_on_yellow]
EVERY_STYLE = pytest.mark.parametrize("style", STYLES)
EXACT_STYLES = pytest.mark.parametrize("style", STYLES[:-1])  # colours are rounded when they turn grey


def enlarged(image, number):
    """Ink of a test image, uint8, ten times as large, somewhere on a larger sheet."""
    sheet = np.zeros((400, 360), np.uint8)
    down, right = number * 37 % 120, number * 53 % 80
    sheet[down : down + 280, right : right + 280] = image.repeat(10, 0).repeat(10, 1)
    return sheet


def box(image):
    """Height and width of the box around all ink, in pixels."""
    places = image.nonzero()
    return (places.amax(0) - places.amin(0) + 1).tolist()


def made_ink(height, width):
    """A cross with a bar at its foot, as ink of any size."""
    picture = Image.new("L", (width, height))
    pen = ImageDraw.Draw(picture)
    pen.line((width * 0.5, height * 0.2, width * 0.5, height * 0.8), fill=255, width=max(1, width // 10))
    pen.line((width * 0.3, height * 0.4, width * 0.7, height * 0.4), fill=255, width=max(1, height // 10))
    pen.line((width * 0.5, height * 0.8, width * 0.8, height * 0.8), fill=255, width=max(1, height // 10))
    return np.asarray(picture)


def encoded(picture, form="PNG"):
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def pictured(test_images):
    """All test images after they went through the picture path, in the five styles by turns."""
    images = test_images.images.numpy()
    return torch.stack(
        [
            image_of_picture(STYLES[number % len(STYLES)](enlarged(image, number)))
            for number, image in enumerate(images)
        ]
    )


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_pictures_of_the_test_images_are_read_as_well_as_they(run, pictured, test_images):
    timeline, card = load_checkpoint(checkpoint_path(run))
    finished = replace(
        timeline,
        steps=timeline.steps[-1:],
        weights=tuple(weight[-1:] for weight in timeline.weights),
        biases=tuple(bias[-1:] for bias in timeline.biases),
    )
    accuracy = evaluate(finished, pictured.double(), test_images.labels)[0].accuracy
    assert accuracy == pytest.approx(card.scores[-1].accuracy, abs=0.005)


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
            assert after >= before - 0.005


READERS = [DEFAULT_RUN, *(run_id for run_id in RUNS if run_id.endswith("/published"))]
CROPPED = pytest.mark.parametrize("enlarge", [False, True], ids=["as it is", "enlarged"])


@CROPPED
@pytest.mark.parametrize("style", [dark_on_light, light_on_dark])
def test_pictures_cropped_to_the_digit_are_read_as_well_as_whole_ones(enlarge, style, test_images):
    chosen = np.random.default_rng(0).choice(10_000, 1_000, replace=False)
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
    "ruled": (np.where(ROWS % 45 < 2, 190.0, 230.0), 0, 0.89),
    "a dark corner": (np.where(ROWS + COLUMNS < 40, 60.0, 220.0), 0, 0.88),
    "a dark frame": (np.pad(np.full((392, 352), 220.0), 4, constant_values=60.0), 0, 0.41),
}


@pytest.mark.parametrize("name", PAPERS)
def test_photos_on_uneven_paper_are_read(name, test_images):
    paper, noise, least = PAPERS[name]
    random = np.random.default_rng(0)
    chosen = random.choice(10_000, 300, replace=False)
    made = []
    for number in chosen:
        ink = enlarged(test_images.images[number].numpy(), number) / 255
        levels = paper * (1 - ink) + 30 * ink + random.normal(0, noise or 1e-9, ink.shape)
        made.append(image_of_picture(Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))))
    timeline, _ = load_checkpoint(checkpoint_path(RUNS[DEFAULT_RUN]))
    scores = evaluate(timeline.at(-1), torch.stack(made).double(), test_images.labels[chosen])[0]
    print(f"{name}: {scores.accuracy:.2%} of {scores.n}")
    assert scores.accuracy >= least


@EXACT_STYLES
def test_the_style_of_a_picture_does_not_change_its_image(style, test_images):
    for number, image in enumerate(test_images.images[:50].numpy()):
        ink = enlarged(image, number)
        assert torch.equal(image_of_picture(style(ink)), image_of_picture(dark_on_light(ink)))


def test_colors_hardly_change_an_image(test_images):
    for number, image in enumerate(test_images.images[:50].numpy()):
        ink = enlarged(image, number)
        one, other = image_of_picture(blue_on_yellow(ink)), image_of_picture(dark_on_light(ink))
        assert (one - other).abs().max() <= 0.03  # about 200 levels of grey instead of 255


def test_a_test_image_comes_back_almost_as_it_was(test_images):
    number = 0  # a 7 whose longer side is 20
    image = image_of_picture(dark_on_light(enlarged(test_images.images[number].numpy(), number)))
    assert (image - test_images.ink()[number]).abs().max() <= 1 / 255


@EVERY_STYLE
@pytest.mark.parametrize("size", [(28, 28), (20, 30), (280, 280), (50, 600), (600, 50), (1000, 1500)])
def test_a_picture_of_any_size_becomes_an_image(style, size):
    image = image_of_picture(style(made_ink(*size)))
    assert (image.shape, image.max().item() > 0.5) == ((28, 28), True)


@pytest.mark.parametrize("size", [(28, 28), (280, 280), (50, 600), (600, 50)])
def test_the_longer_side_of_a_pictures_ink_is_twenty_pixels(size):
    assert max(box(image_of_picture(dark_on_light(made_ink(*size))))) == 20


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F"])
def test_a_picture_of_any_mode_shows_the_same_digit(mode):
    picture = dark_on_light(made_ink(200, 150))
    assert torch.equal(image_of_picture(picture.convert(mode)), image_of_picture(picture))


def test_levels_of_sixteen_bits_show_the_same_digit():
    ink = made_ink(200, 150)
    deep = open_picture(encoded(Image.fromarray((255 - ink).astype(np.uint16) * 257)))
    assert torch.equal(image_of_picture(deep), image_of_picture(dark_on_light(ink)))


@pytest.mark.parametrize(("pen", "hidden"), [("black", "white"), ("white", "black")])
def test_a_color_hidden_under_transparent_pixels_does_not_matter(pen, hidden):
    ink = made_ink(200, 150)
    picture = Image.composite(*(Image.new("RGB", (150, 200), c) for c in (pen, hidden)), Image.fromarray(ink))
    picture.putalpha(Image.fromarray(ink))
    assert torch.equal(image_of_picture(picture), image_of_picture(dark_on_light(ink)))


def test_noise_in_the_paper_is_no_ink():
    noise = np.random.default_rng(0).normal(0, 5, (200, 150))
    noisy = np.clip(200 - made_ink(200, 150) * 0.6 + noise, 0, 255).astype(np.uint8)
    one, other = image_of_picture(Image.fromarray(noisy)), image_of_picture(dark_on_light(made_ink(200, 150)))
    assert (one - other).abs().mean() < 0.02


def test_a_pale_stroke_counts_towards_the_size():
    ink = made_ink(200, 150)
    pale = ink.copy()
    pale[100:] //= 5  # the lower half at a fifth of the strength
    assert box(image_of_picture(dark_on_light(pale))) == box(image_of_picture(dark_on_light(ink)))


def test_the_strongest_ink_of_a_faint_picture_becomes_full_ink():
    faint = Image.fromarray(200 - made_ink(200, 150) // 10)
    assert find_ink(faint).max() == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 100), (28, 28), (300, 2)])
@pytest.mark.parametrize("color", ["white", "black", "grey"])
def test_a_blank_picture_is_refused(size, color):
    with pytest.raises(PictureError) as caught:
        image_of_picture(Image.new("RGB", size, color))
    assert str(caught.value) == (
        "The picture shows no ink, only its background; give one with a digit, darker or lighter than it."
    )


def test_a_wholly_transparent_picture_is_refused():
    with pytest.raises(PictureError, match="The picture shows no ink"):
        image_of_picture(Image.new("RGBA", (28, 28)))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_bytes_that_are_no_picture_are_refused(content):
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    assert str(caught.value) == "The given data is no picture that can be read; give a PNG or JPEG file."


def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path):
    path = tmp_path / "digit.png"
    path.write_text("not a picture")
    with pytest.raises(PictureError) as caught:
        open_picture(path)
    assert str(caught.value) == f"{path} is no picture that can be read; give a PNG or JPEG file."


def test_a_missing_picture_is_refused_by_name(tmp_path):
    with pytest.raises(PictureError, match="none is no picture that can be read"):
        open_picture(tmp_path / "none")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_cut_off_picture_is_refused(form, kept):
    content = encoded(dark_on_light(made_ink(280, 280)), form)
    with pytest.raises(PictureError, match="The given data is no picture that can be read"):
        open_picture(content[: int(len(content) * kept)])


def test_a_picture_of_too_many_pixels_is_refused_with_its_size():
    content = encoded(Image.new("1", (5_001, 5_000)))
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    assert str(caught.value) == (
        "The given data is a picture of 5,001 × 5,000 pixels; at most 25,000,000 pixels are read. "
        "Make it smaller."
    )


def test_a_picture_of_just_as_many_pixels_as_allowed_is_read():
    assert open_picture(encoded(Image.new("1", (5_000, 5_000)))).size == (5_000, MAX_PIXELS // 5_000)


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_is_read_from_its_bytes(form):
    picture = dark_on_light(made_ink(100, 80))
    read = open_picture(encoded(picture, form))
    assert (image_of_picture(read) - image_of_picture(picture)).abs().max() < 0.1


@pytest.mark.parametrize(("orientation", "turned"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_a_picture_is_turned_as_its_camera_was_held(orientation, turned):
    upright = dark_on_light(made_ink(100, 80))
    held = Image.fromarray(np.rot90(np.asarray(upright), -turned))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stream = io.BytesIO()
    held.save(stream, "PNG", exif=exif)
    assert np.array_equal(np.asarray(open_picture(stream.getvalue())), np.asarray(upright))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_picture_with_pixels_that_are_no_numbers_is_refused(value):
    levels = np.zeros((40, 40), np.float32)
    levels[10:30, 15] = 200
    levels[3, 3] = value
    with pytest.raises(PictureError, match="pixels without a brightness"):
        image_of_picture(Image.fromarray(levels))
