"""The kernels that the page trains with are what their source makes."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

from absent import skip_or_fail

from webapp.files import PAGE

SOURCE = PAGE / "engine" / "training" / "kernels.c"
COMMAND = re.compile(r"^//   (clang-.*?)\n//\n", re.MULTILINE | re.DOTALL)


def test_the_command_in_the_source_of_the_kernels_makes_the_bytes_that_are_committed(tmp_path: Path) -> None:
    if not (shutil.which("clang-19") and shutil.which("wasm-ld-19")):
        skip_or_fail("needs clang and lld 19; on Debian: apt-get install clang-19 lld-19")
    found = COMMAND.search(SOURCE.read_text(encoding="utf-8"))
    assert found
    shutil.copy(SOURCE, tmp_path)
    subprocess.run(shlex.split(found[1].replace("\n//", " ")), cwd=tmp_path, check=True)
    assert (tmp_path / "kernels.wasm").read_bytes() == SOURCE.with_suffix(".wasm").read_bytes()
