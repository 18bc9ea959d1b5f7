"""Pictures, such as photos or scans, alone or in folders, become images the way MNIST's images were made."""

import io
import math
import re
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import Base as Exif
from PIL.Image import Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from torch import Tensor

from mnist_core.drawings.blemishes import FAINT
from mnist_core.drawings.filters import shrunk
from mnist_core.drawings.line_width import with_width_of_mnist
from mnist_core.drawings.paper import ink_of_grey
from mnist_core.drawings.preprocessing import BOX, Ink, center_by_mass, to_image
from mnist_core.errors import PictureError, brief
from mnist_core.runs.architectures import DIGITS

MAX_PIXELS = 25_000_000  # of a picture; decoded, that is 100 MB
ENOUGH_PIXELS = 100_000  # for a digit: a larger picture is shrunk before its ink is looked for
FORMATS = "PNG or JPEG"
FOLDER_FORM = f'expected folders named "0" to "9", each with pictures ({FORMATS}) of that digit'
# By a file's first bytes. Other decoders of Pillow reserve gigabytes before a picture's size can be looked at
# (WebP, GIF), or for tiles that are larger than the picture (TIFF).
DECODERS = {b"\x89PNG\r\n\x1a\n": PngImageFile, b"\xff\xd8\xff": JpegImageFile}
MAX_BYTES = 100_000_000  # of a file
MAX_SCANS = 100  # of a progressive JPEG file, most have 10; each passes over all pixels, however short it is
SCAN = re.compile(rb"\xff\xda\x00(\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")  # marker, length, channels
BESIDE = {"__macosx", "@eadir", "#recycle", "$recycle.bin", "thumbs.db", "desktop.ini"}
BRIGHTNESS = {"LAB": "L", "HSV": "V"}  # the channel, of modes that Pillow does not turn into grey
TURNS = {  # by EXIF's orientation: how a camera was held
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def image_of_picture(picture: Image.Image) -> Tensor:
    """Find the ink in a picture, dark on light or light on dark, and make it an image like MNIST's.

    Returns:
        Ink in steps of 1/255, shape (28, 28), 0 (paper) to 1 (full ink).

    Raises:
        PictureError: the picture shows nothing but its background, or has pixels without a brightness.
    """
    ink = find_ink(picture)
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis)) for axis in (1, 0))
    ink = with_width_of_mnist(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resampling = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BILINEAR
    boxed = Image.fromarray(ink.astype(np.float32)).resize(size, resampling)
    centered = center_by_mass(np.asarray(boxed, dtype=np.float64))
    return to_image((centered * 255).round().clip(0, 255))


def find_ink(picture: Image.Image) -> Ink:
    """Tell ink from paper; large pictures are shrunk, which takes time and memory and changes no 28×28."""
    factor = math.ceil(math.sqrt(picture.width * picture.height / ENOUGH_PIXELS))
    if picture.mode.startswith(("I", "F")):
        return ink_of_grey(_deep_grey(picture.convert("F").reduce(factor) if factor > 1 else picture))
    grey = _grey_on_paper(picture)
    return ink_of_grey(shrunk(grey, factor) if factor > 1 else grey.astype(np.float64))


def _deep_grey(picture: Image.Image) -> NDArray[np.float64]:
    """Grey levels, (height, width), 0 to 255; Pillow itself would cut off 16-bit levels at 255."""
    levels = np.asarray(picture, dtype=np.float64)
    if not np.isfinite(levels).all():
        raise PictureError("The picture has pixels without a brightness (NaN or infinite); give them one.")
    return levels / 257 if levels.max() > 255 else levels


def _grey_on_paper(picture: Image.Image) -> NDArray[np.uint8]:
    """Grey levels of a picture, (height, width); what is transparent takes the paper of what is opaque.

    Where ink alone is opaque, paper is white under dark ink, and black under light ink.
    """
    if picture.mode in BRIGHTNESS:
        return np.asarray(picture.getchannel(BRIGHTNESS[picture.mode]))
    if not picture.has_transparency_data:
        return np.asarray(picture.convert("L"))
    layers = picture.convert("RGBA")
    alpha, grey = np.asarray(layers.getchannel("A")), np.asarray(layers.convert("L"))
    opaque = alpha > 0.9 * max(alpha.max(), 1)
    if _is_sheet(grey, opaque):
        return np.where(opaque, grey, np.median(grey[opaque]).astype(np.uint8))
    is_dark = not alpha.any() or np.average(grey, weights=alpha) < 128
    paper = Image.new("RGBA", layers.size, "white" if is_dark else "black")
    return np.asarray(Image.alpha_composite(paper, layers).convert("L"))


def _is_sheet(grey: NDArray[np.uint8], opaque: NDArray[np.bool_]) -> bool:
    """Whether what is opaque is a sheet with something on it, rather than ink alone."""
    rows, columns = (np.flatnonzero(opaque.any(axis)) for axis in (1, 0))
    if not len(rows):
        return False
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return bool(opaque[box].mean() > 0.6 and np.ptp(grey[opaque]) > 30)


def open_picture(source: Path | bytes, *, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Decode a PNG or JPEG file, turned as its camera was held (EXIF); its first picture, if it has several.

    What it is and how large is looked at before any memory is reserved for its pixels.

    Args:
        source: the file, or its bytes.
        max_pixels: that a picture may have.

    Raises:
        PictureError: no PNG or JPEG file, or a damaged one; or one of too many bytes, pixels or scans.
    """
    name = "The given data" if isinstance(source, bytes) else str(source)
    try:
        content = source if isinstance(source, bytes) else _read(source)
        decoder = next((each for start, each in DECODERS.items() if content.startswith(start)), None)
        if not decoder:
            raise ValueError("neither format's first bytes")
        if len(content) > MAX_BYTES:
            raise PictureError(f"{name} is a file of more than {MAX_BYTES:,} bytes. Make it smaller.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, which nothing here needs
            picture = decoder(io.BytesIO(content))
            _check_size(picture, content, name, max_pixels)
            picture.load()
            return _upright(picture)
    except (OSError, ValueError, SyntaxError) as error:
        reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
        raise PictureError(
            f"{name} is no picture that can be read{reason}; give a {FORMATS} file."
        ) from error


def _read(path: Path) -> bytes:
    """A file's bytes, one more than allowed at most."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _check_size(picture: Image.Image, content: bytes, name: str, max_pixels: int) -> None:
    if picture.width * picture.height > max_pixels:
        raise PictureError(
            f"{name} is a picture of {picture.width:,} × {picture.height:,} pixels; "
            f"at most {max_pixels:,} pixels are read. Make it smaller."
        )
    scans = len(SCAN.findall(content))
    if isinstance(picture, JpegImageFile) and scans > MAX_SCANS:
        raise PictureError(f"{name} has {scans:,} scans; at most {MAX_SCANS} are read. Save it anew.")


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as it was seen: a camera notes how it was held, and turns no pixels.

    Pillow's `exif_transpose` would write the metadata anew, and fail where it is damaged.
    """
    turn = TURNS.get(picture.getexif().get(Exif.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden, or one that archives, network drives and systems lay there."""
    return name.startswith(".") or name.lower() in BESIDE


def read_picture_folder(folder: Path) -> tuple[Tensor, Tensor, Counter[str]]:
    """Read every picture in the folders 0 to 9; hidden files and what systems lay beside are passed over.

    Returns:
        Ink of the images, shape (n, 28, 28), 0 (paper) to 1 (full ink); their labels, shape (n,); and by
        reason how many files could not be read.

    Raises:
        PictureError: the folder is not there, has other folders, or holds no picture that can be read.
    """
    if not folder.is_dir():
        raise PictureError(f"No folder {folder}; {FOLDER_FORM}.")
    names = [path.name for path in sorted(folder.iterdir()) if path.is_dir() and not _is_hidden(path.name)]
    others = [name for name in names if name not in map(str, range(DIGITS))]
    if others:
        raise PictureError(f"{folder} has a folder {brief(others[0])}; {FOLDER_FORM}, and no others.")
    images, labels = [], []
    reasons: Counter[str] = Counter()
    for name in names:
        for path in sorted((folder / name).rglob("*")):
            if path.is_dir() or any(map(_is_hidden, path.relative_to(folder).parts)):
                continue
            try:
                images.append(image_of_picture(open_picture(path)))
                labels.append(int(name))
            except PictureError as error:
                reasons[str(error).replace(str(path), "The file")] += 1
    if not images:
        found = (
            f"{reasons.total():,} files, none of which can be read as a digit" if reasons else "no pictures"
        )
        raise PictureError(f"{folder} holds {found}; {FOLDER_FORM}.")
    return torch.stack(images), torch.tensor(labels), reasons
