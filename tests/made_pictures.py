"""Pictures of digits in several styles: MNIST's test images enlarged, and a cross made in any size."""

import io

import numpy as np
from PIL import Image, ImageDraw


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


def enlarged(image, number):
    """Ink of a test image, uint8, ten times as large, somewhere on a larger sheet."""
    sheet = np.zeros((400, 360), np.uint8)
    down, right = number * 37 % 120, number * 53 % 80
    sheet[down : down + 280, right : right + 280] = image.repeat(10, 0).repeat(10, 1)
    return sheet


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
