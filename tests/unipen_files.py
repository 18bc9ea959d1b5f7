"""UNIPEN files: two digits made by hand, and the digits of many writers where they are."""

import os
from pathlib import Path

from mnist_core.drawings.unipen_archive import unipen_folder

PROJECT = Path(__file__).parent.parent
PEN_DIGITS = Path(
    os.environ.get("PENDIGITS") or PROJECT.parent / "shared" / "pendigits" / "pendigits-orig.tra"
)
UNIPEN_DIGITS = unipen_folder() / "digits.unipen"

# Two digits on a pad that reaches from (100, 200) to (300, 400): a 7 in the whole of it, a 1 in its middle.
MADE = """\
.INCLUDE        dene.doc
.LEXICON "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"
.HIERARCHY      DIGIT

.SEGMENT DIGIT    0 ? "7"
.COMMENT 7 12  224
.PEN_DOWN
 100  400
 300  400
 200  200
.PEN_UP
.DT 100
.PEN_DOWN
 150  300
 250  300
.PEN_UP
.SEGMENT DIGIT    1 ? "1"
.COMMENT 1 30  3
.PEN_DOWN
 200  350
 200  250
.PEN_UP
"""


def two_writers(size, moved=0):
    """A file of MADE's 7 and of a 1 that another writer drew, a line `size` units high, `moved` away."""
    return MADE.replace(" 200  350\n 200  250\n", f" {200 + moved}  {250 + size}\n {200 + moved}  250\n")
