"""Pictures become images the way MNIST's were made, whatever their style, size or mode."""

import numpy as np
import pytest
import torch
from made_pictures import STYLES, blue_on_yellow, dark_on_light, encoded, enlarged, made_ink
from PIL import Image

from mnist_core.drawings.pictures import find_ink, image_of_picture, open_picture
from mnist_core.errors import PictureError

EVERY_STYLE = pytest.mark.parametrize("style", STYLES)
EXACT_STYLES = pytest.mark.parametrize("style", STYLES[:-1])  # colours are rounded when they turn grey


def box(image):
    """Height and width of the box around all ink, in pixels."""
    places = image.nonzero()
    return (places.amax(0) - places.amin(0) + 1).tolist()


@EXACT_STYLES
def test_the_style_of_a_picture_does_not_change_its_image(style, test_images):
    for number, image in enumerate(test_images.images[:50].numpy()):
        ink = enlarged(image, number)
        assert torch.equal(image_of_picture(style(ink)), image_of_picture(dark_on_light(ink)))


def test_colors_hardly_change_an_image(test_images):
    for number, image in enumerate(test_images.images[:50].numpy()):
        ink = enlarged(image, number)
        one, other = image_of_picture(blue_on_yellow(ink)), image_of_picture(dark_on_light(ink))
        # About 200 levels of grey instead of 255; and a centre of mass between two pixels may go to either.
        moved = [one.roll((down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert min((each - other).abs().max() for each in moved) <= 0.03


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


@pytest.mark.parametrize("mode", ["LAB", "HSV"])
@pytest.mark.parametrize("size", [(200, 150), (1000, 900)])
def test_modes_that_cannot_be_turned_into_grey_show_the_same_digit(mode, size):
    picture = dark_on_light(made_ink(*size))
    other = Image.merge(mode, [picture if band in "LV" else Image.new("L", picture.size) for band in mode])
    assert torch.equal(image_of_picture(other), image_of_picture(picture))


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


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_picture_with_pixels_that_are_no_numbers_is_refused(value):
    levels = np.zeros((40, 40), np.float32)
    levels[10:30, 15] = 200
    levels[3, 3] = value
    with pytest.raises(PictureError, match="pixels without a brightness"):
        image_of_picture(Image.fromarray(levels))
