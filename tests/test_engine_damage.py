"""A thousand damaged checkpoints: each is refused with a sentence, or read with the very weights it holds."""

import copy
import json
import random
from itertools import combinations
from pathlib import Path

import pytest
from engine_files import SafetensorsFile, Splice

Variant = list[Splice]

VALUES = [None, True, -1, 1.5, 2**53, "", "x", [], {}, [[]], [None], {"__proto__": None}, [0, 1, 5], [0] * 99]


@pytest.fixture
def file(path: Path) -> SafetensorsFile:
    """A sound checkpoint of relu-50/published with three snapshots."""
    return SafetensorsFile(path)


def assert_harmless(file: SafetensorsFile, variants: list[Variant]) -> int:
    """Assert that every file is refused with a sentence or read as it is; the number of those refused."""
    results = file.read_variants(variants)
    assert len(results) == len(variants)
    for number, result in enumerate(results):
        if "error" in result:
            assert result["error"] == "InklingError", f"file {number}: {result}"
            assert result["message"].startswith(("This file ", "The connection ")), f"file {number}"
            assert result["message"].endswith("."), f"file {number}"
        else:  # whatever became of the header, the weights are its last bytes
            weights = file.changed(variants[number])[-(len(file.content) - file.start) :]
            assert result["digest"] == file.digest([(file.start, len(file.content), weights)])
    return sum("error" in result for result in results)


def flip(file: SafetensorsFile, place: int, bit: int) -> Splice:
    return (place, place + 1, bytes([file.content[place] ^ 1 << bit]))


def test_flipped_bits_in_the_header(file):
    at = file.content.index(b"input_range")  # another range is another network, and as good a card
    places = [place for place in range(file.start) if not at <= place < at + 40]
    dice = random.Random(1)
    variants = [[flip(file, dice.choice(places), dice.randrange(8))] for _ in range(250)]
    assert 100 < assert_harmless(file, variants) < 250  # a letter of the machine's name does no harm


def test_flipped_bits_in_the_weights(file):
    dice = random.Random(2)
    places = [dice.randrange(file.start, len(file.content)) for _ in range(60)]
    assert assert_harmless(file, [[flip(file, place, dice.randrange(8))] for place in places]) < 5


def test_files_cut_off_at_any_place(file):
    dice = random.Random(3)
    ends = [dice.randrange(file.start) for _ in range(75)]
    ends += [dice.randrange(file.start, len(file.content)) for _ in range(75)]
    assert assert_harmless(file, [[(end, len(file.content), b"")] for end in ends]) == 150


def test_pairs_of_tensors_with_each_others_places(file):
    names = [name for name in file.header if name != "__metadata__"]
    variants = []
    for first, second in combinations(names, 2):
        header = copy.deepcopy(file.header)
        header[first]["data_offsets"], header[second]["data_offsets"] = (
            header[second]["data_offsets"],
            header[first]["data_offsets"],
        )
        variants.append([file.with_header(header)])
    assert assert_harmless(file, variants) == len(variants) == 66


def test_cards_with_a_field_of_another_kind(file):
    fields = ["format", "run", "architecture", "recipe", "seed", "steps", "images_seen", "scores"]
    fields += ["training_scores", "epochs", "calibration"]
    variants = [[file.with_card(**{field: value})] for field in fields for value in VALUES]
    deeper = [("recipe", "input_range"), ("architecture", "hidden"), ("architecture", "id")]
    for field, inner in deeper:
        variants += [[file.with_card(**{field: file.card[field] | {inner: value}})] for value in VALUES]
    for value in [*VALUES, "[" * 10_000, float("nan"), float("inf"), 1e308, 0, 10**400, "\0", "<script>"]:
        scores = copy.deepcopy(file.card["scores"])
        scores[2]["correct"] = value
        variants.append([file.with_card(scores=scores)])
    refused = assert_harmless(file, variants)
    assert len(variants) == 218
    assert refused > 150


def test_headers_with_bytes_lost_doubled_or_made_up(file):
    dice = random.Random(4)
    variants = []
    for number in range(150):
        start = dice.randrange(8, file.start)
        end = min(file.start, start + dice.randrange(1, 40))
        part = [b"", file.content[start:end] * 2, dice.randbytes(end - start)][number % 3]
        text = file.content[8:start] + part + file.content[end : file.start]
        variants.append([file.with_header(text)])
    assert assert_harmless(file, variants) > 100


def test_headers_with_a_key_twice(file):
    text = json.dumps(file.header)
    entry = json.dumps({"00.0.bias": {"dtype": "F16", "shape": [50], "data_offsets": [78_400, 78_500]}})
    proto = '{"__proto__": {"dtype": "F16"}}'
    variants = [[file.with_header(f"{text[:-1]}, {more[1:]}".encode())] for more in (entry, proto)]
    variants += [[file.with_header(f"{more[:-1]}, {text[1:]}".encode())] for more in (entry, proto)]
    assert assert_harmless(file, variants) == 3  # a key's last value counts


def test_files_of_nothing_but_noise(file):
    dice = random.Random(5)
    noise = [dice.randbytes(dice.randrange(2_000)) for _ in range(50)]
    noise += [(100).to_bytes(8, "little") + dice.randbytes(500) for _ in range(50)]
    assert assert_harmless(file, [[(0, len(file.content), content)] for content in noise]) == 100
