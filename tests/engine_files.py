"""Safetensors files and changed copies of them, as the page's engine reads them."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from node import run_node

Splice = tuple[int, int, bytes]  # the bytes from start to end become these


class SafetensorsFile:
    """A checkpoint taken apart: `header` without its length, `card`, and where the weights `start`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = path.read_bytes()
        self.start = 8 + int.from_bytes(self.content[:8], "little")
        self.header: dict[str, Any] = json.loads(self.content[8 : self.start])
        self.card: dict[str, Any] = json.loads(self.header["__metadata__"]["card"])

    def with_header(self, header: dict[str, Any] | bytes) -> Splice:
        """What puts another header into the file, with its true length."""
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return (0, self.start, len(text).to_bytes(8, "little") + text)

    def with_card(self, **changes: object) -> Splice:
        """What changes fields of the card."""
        return self.with_card_text(json.dumps(self.card | changes))

    def with_card_text(self, text: str) -> Splice:
        """What puts another card into the file."""
        return self.with_header(self.header | {"__metadata__": {"card": text}})

    def changed(self, splices: list[Splice]) -> bytes:
        """The file's content with these changes, which do not overlap and go from its start to its end."""
        content = self.content
        for start, end, replacement in reversed(splices):
            content = content[:start] + replacement + content[end:]
        return content

    def digest(self, splices: list[Splice] | None = None) -> str:
        """Of the weights with these changes, as 32-bit numbers; the header keeps its length."""
        halves = np.frombuffer(self.changed(splices or [])[self.start :], np.float16)
        return hashlib.sha256(halves.astype(np.float32).tobytes()).hexdigest()

    def read_variants(self, variants: list[list[Splice]]) -> list[dict[str, str]]:
        """What the page makes of changed files: the digest of its weights, or an error's name and message."""
        encoded = [
            [[start, end, base64.b64encode(replacement).decode()] for start, end, replacement in splices]
            for splices in variants
        ]
        file = self.path.with_suffix(".variants")
        file.write_text(json.dumps(encoded), encoding="utf-8")
        return json.loads(run_node("timelines.js", self.path, file))
