"""What a Hugging Face Space needs in the project's folder."""

import subprocess

from app_server import PROJECT

MAX_BYTES = 10_000_000  # the Hub takes no larger plain file


def test_no_committed_file_is_too_large_for_the_hub() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    files = [PROJECT / name for name in listed.stdout.split("\0") if name]
    assert len(files) > 100
    assert [file for file in files if file.exists() and file.stat().st_size > MAX_BYTES] == []
