"""Labelled pictures in folders named 0 to 9, as torchvision's ImageFolder has them."""

from collections import Counter
from pathlib import Path

import torch
from torch import Tensor

from mnist_core.drawings.pictures import FORMATS, image_of_picture, open_picture
from mnist_core.errors import PictureError, brief
from mnist_core.runs.architectures import DIGITS

FORM = f'expected folders named "0" to "9", each with pictures ({FORMATS}) of that digit'


def read_picture_folder(folder: Path) -> tuple[Tensor, Tensor, Counter[str]]:
    """Read every picture in the folders 0 to 9; hidden files and folders are passed over.

    Returns:
        Ink of the images, shape (n, 28, 28), 0 (paper) to 1 (full ink); their labels, shape (n,); and by
        reason how many files could not be read.

    Raises:
        PictureError: the folder is not there, has other folders, or holds no picture that can be read.
    """
    if not folder.is_dir():
        raise PictureError(f"No folder {folder}; {FORM}.")
    names = [path.name for path in sorted(folder.iterdir()) if path.is_dir() and path.name[0] != "."]
    others = [name for name in names if name not in map(str, range(DIGITS))]
    if others:
        raise PictureError(f"{folder} has a folder {brief(others[0])}; {FORM}, and no others.")
    images, labels = [], []
    reasons: Counter[str] = Counter()
    for name in names:
        for path in sorted((folder / name).rglob("*")):
            if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
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
        raise PictureError(f"{folder} holds {found}; {FORM}.")
    return torch.stack(images), torch.tensor(labels), reasons
