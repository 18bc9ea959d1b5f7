"""The command line says which formats of pictures it takes, and takes them."""

import pytest
from command_line import SEVEN
from PIL import Image

from mnist_core.__main__ import main
from mnist_core.drawings.preprocessing import image_of_drawing

FORMATS = "PNG or JPEG"


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_help_names_the_formats_that_a_picture_may_have(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert FORMATS in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_of_every_format_that_is_named_is_read(form, tmp_path, capsys):
    picture = Image.fromarray(255 - (image_of_drawing(SEVEN) * 255).byte().numpy())
    picture.save(tmp_path / "seven", form)
    assert main(["predict", "relu-96-256/robust", str(tmp_path / "seven")]) == 0
    assert capsys.readouterr().out.startswith("relu-96-256/robust reads a 7.\n")
