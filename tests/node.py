"""The page's engine under node: what the tests compare with Python."""

import shutil
import subprocess
from pathlib import Path

from absent import skip_or_fail

SCRIPTS = Path(__file__).parent / "engine"


def run_node(script: str, *arguments: object, seconds: int = 300) -> bytes:
    """What a script of tests/engine prints; without node a test is skipped, but in CI it fails.

    `seconds`: the most that it may take.
    """
    if not shutil.which("node"):
        skip_or_fail(
            "needs node, 20.19 or newer, to run the page's engine; on Debian: apt-get install nodejs"
        )
    command = ["node", str(SCRIPTS / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
