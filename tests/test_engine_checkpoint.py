"""The page reads checkpoints while they arrive, and refuses with a sentence what is none."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from engine_files import SafetensorsFile, Splice
from node import run_node

from mnist_core.checkpoints.card import checkpoint_path, load_metadata
from mnist_core.runs.recipes import RUNS

KIBIBYTE = 1024
DAMAGED = "This file is damaged: "


@pytest.fixture
def file(path: Path) -> SafetensorsFile:
    """A sound checkpoint of relu-50/published with three snapshots."""
    return SafetensorsFile(path)


def arrivals(path: Path, how: str, *sizes: int) -> dict:
    """What the page tells of a checkpoint that comes in chunks of these sizes; the last one repeats."""
    return json.loads(run_node("arrivals.js", path, how, json.dumps(sizes)))


def refusals(file: SafetensorsFile, splices: dict[Any, Splice]) -> dict[Any, str]:
    """By name the sentence with which the page refuses the file, changed in this one place."""
    results = file.read_variants([[splice] for splice in splices.values()])
    assert {result.get("error") for result in results} == {"InklingError"}
    return {name: result["message"] for name, result in zip(splices, results, strict=True)}


def refusal(file: SafetensorsFile, splice: Splice) -> str:
    """The sentence with which the page refuses a changed file."""
    return refusals(file, {0: splice})[0]


def test_every_committed_checkpoint_is_read_whole():
    for run in RUNS.values():
        path = checkpoint_path(run)
        metadata = load_metadata(path)
        told = arrivals(path, "whole", 64 * KIBIBYTE)
        expected = run.id, list(metadata.steps), list(metadata.images_seen), len(metadata.steps)
        assert tuple(told[key] for key in ("run", "steps", "images_seen", "loaded")) == expected, run.id


def test_both_answers_are_there_after_two_snapshots_of_bytes():
    path = checkpoint_path(RUNS["relu-96-256/robust"])
    file, snapshots = SafetensorsFile(path), len(load_metadata(path).steps)
    both, *_, whole = arrivals(path, "whole", KIBIBYTE)["told"]
    needed = file.start + 2 * (len(file.content) - file.start) // snapshots
    assert needed <= both[0] < needed + KIBIBYTE < len(file.content) / 9
    assert both[1:] == [[0, snapshots - 1]]
    assert whole == [len(file.content), list(range(snapshots))]


@pytest.mark.parametrize("sizes", [(1,) * 5_000 + (70_001,), (3, 5, 7, 77_777), (10_000_000,)])
def test_the_same_is_told_however_the_bytes_are_cut(file, sizes):
    told = arrivals(file.path, "whole", *sizes)["told"]
    assert [entry[1:] for entry in told] == [[[0, 2]], [[0, 1, 2]]]


def test_weights_are_those_of_the_file_in_the_order_of_the_file(file):
    (result,) = file.read_variants([[]])
    assert result == {"digest": file.digest()}


@pytest.mark.parametrize("sizes", [(), (4,), (500,), (4_000, 100_000), (1, 200_000)])
def test_a_connection_that_breaks_off_is_told(file, sizes):
    assert arrivals(file.path, "breaks", *sizes) == {
        "error": "InklingError",
        "message": "The connection broke off while this file was loading; try again.",
        "cancelled": False,
        "given": sum(sizes),
    }


def test_no_more_is_asked_of_the_server_once_a_file_is_refused(file, tmp_path):
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"<!doctype html>" + bytes(1_000_000))
    told = arrivals(foreign, "whole", KIBIBYTE)
    assert told["message"] == "This file holds no network: it does not start as a safetensors file does."
    assert told["cancelled"]
    assert told["given"] == KIBIBYTE


def test_a_file_that_is_cut_off_is_refused(file):
    end = len(file.content)
    lengths = [0, 7, 8, 100, 5_000, end - 2, end - 1]
    assert refusals(file, {kept: (kept, end, b"") for kept in lengths}) == {
        kept: f"This file is cut off: it ends after {kept:,} bytes. Try to get it again." for kept in lengths
    }


def test_a_file_that_goes_on_after_its_end_is_refused(file):
    end = len(file.content)
    assert refusal(file, (end, end, b"\0")) == DAMAGED + "it goes on after its end."


def test_a_header_of_impossible_length_is_refused(file):
    lengths = [0, 1, 1_000_001, 2**32, 2**53, 2**63 - 1, 2**64 - 1]
    found = refusals(file, {length: (0, 8, length.to_bytes(8, "little")) for length in lengths})
    sentence = "This file holds no network: it does not start as a safetensors file does."
    assert found == dict.fromkeys(lengths, sentence)


def test_a_header_that_is_no_json_object_is_refused(file):
    headers = [b"  ", b"null", b"[]", b"{ ", b'{"a": NaN}', b"{} {}", b"\xff\xfe", b"[" * 10_000]
    headers.append(b'{"a":' * 9_999)
    found = refusals(file, {header: file.with_header(header) for header in headers})
    assert found == dict.fromkeys(headers, DAMAGED + "its header cannot be read.")


def test_a_header_without_a_card_is_refused(file):
    values = [None, [], {}, {"card": None}, {"card": "x"}, {"card": "[" * 10_000}, "card"]
    headers = {repr(value): file.header | {"__metadata__": value} for value in values}
    found = refusals(file, {name: file.with_header(header) for name, header in headers.items()})
    assert found == dict.fromkeys(headers, "This file holds no network with a card that can be read.")


def test_a_file_of_another_format_is_refused(file):
    forms = ["inkling timeline 1", "inkling timeline 3", None, ["inkling timeline 2"]]
    found = refusals(file, {repr(form): file.with_card(format=form) for form in forms})
    sentence = 'This file is of another format than "inkling timeline 2", which this page reads.'
    assert found == dict.fromkeys(map(repr, forms), sentence)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"steps": [0, 5, 1]}, "its steps do not grow from 0."),
        ({"steps": [1, 2, 3]}, "its steps do not grow from 0."),
        ({"images_seen": [0, 64]}, "its steps do not grow from 0."),
        ({"images_seen": [0, 64, 64]}, "its steps do not grow from 0."),
        ({"steps": [0, 1, 1.5]}, 'its card has no valid "steps".'),
        ({"steps": [0, 1, "5"]}, 'its card has no valid "steps".'),
        ({"steps": list(range(100))}, 'its card has no valid "steps".'),
        ({"scores": []}, "its scores do not fit its snapshots."),
        ({"training_scores": [{"n": 1, "correct": 1, "loss": 0.1}]}, "its scores do not fit its snapshots."),
        ({"run": "relu-96-256/published"}, "its card names one network and describes another."),
        ({"epochs": [{}]}, 'its card has no valid "epochs".'),
        (
            {"architecture": {"id": "relu-50", "hidden": [{"units": 2**53}]}},
            'its card has no valid "architecture".',
        ),
    ],
)
def test_a_card_that_does_not_fit_is_refused_with_the_reason(file, changes, reason):
    assert refusal(file, file.with_card(**changes)) == DAMAGED + reason


def test_a_loss_that_is_no_number_is_refused(file):
    scores = copy.deepcopy(file.card["scores"])
    scores[1]["loss"] = "infinite"
    text = json.dumps(file.card | {"scores": scores}).replace('"infinite"', "1e999")
    assert refusal(file, file.with_card_text(text)) == DAMAGED + 'its card has no valid "scores".'


def test_weights_of_more_than_ten_million_bytes_are_refused_before_they_are_waited_for(file):
    hidden = [{"units": 10_000, "activation": "relu", "dropout": 0}] * 9
    splice = file.with_card(architecture={"id": "relu-50", "hidden": hidden})
    assert refusal(file, splice) == DAMAGED + "it claims more than 10,000,000 bytes."


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("dtype", "F32", 'its weights "01.0.weight" are not in half precision.'),
        ("shape", [49, 784], 'its weights "01.0.weight" have another shape or place.'),
        ("shape", [784, 50], 'its weights "01.0.weight" have another shape or place.'),
        ("shape", "50,784", 'its weights "01.0.weight" have another shape or place.'),
        ("data_offsets", [0, 78_400], 'its weights "01.0.weight" have another shape or place.'),
        ("data_offsets", [-1, 2**60], 'its weights "01.0.weight" have another shape or place.'),
    ],
)
def test_a_tensor_of_another_form_or_place_is_refused(file, field, value, reason):
    header = copy.deepcopy(file.header)
    header["01.0.weight"][field] = value
    assert refusal(file, file.with_header(header)) == DAMAGED + reason


def test_a_missing_tensor_is_refused(file):
    header = {name: entry for name, entry in file.header.items() if name != "02.1.bias"}
    assert refusal(file, file.with_header(header)) == DAMAGED + 'it lacks the weights "02.1.bias".'


def test_a_tensor_too_many_is_refused(file):
    names = ["03.0.bias", "__proto__", "constructor", ""]
    entry = {"dtype": "F16", "shape": [0], "data_offsets": [0, 0]}
    found = refusals(file, {name: file.with_header(file.header | {name: entry}) for name in names})
    assert found == dict.fromkeys(names, DAMAGED + "it holds weights that belong to no layer.")


def test_weights_that_are_no_finite_numbers_are_refused(file):
    starts = [file.start, file.start + 50_000, len(file.content) - 2]
    halves = [0x7C00, 0xFC00, 0x7E01]  # infinity, minus infinity, no number
    cases = [(start, half) for start in starts for half in halves]
    found = refusals(
        file, {(start, half): (start, start + 2, half.to_bytes(2, "little")) for start, half in cases}
    )
    assert found == dict.fromkeys(cases, DAMAGED + "it holds weights that are no finite numbers.")


def test_every_finite_half_precision_number_is_read_as_what_it_is(file):
    finite = [bits for bits in range(2**16) if bits & 0x7C00 != 0x7C00]
    splice = (
        file.start + 100,
        file.start + 100 + 2 * len(finite),
        b"".join(b.to_bytes(2, "little") for b in finite),
    )
    (result,) = file.read_variants([[splice]])
    assert result == {"digest": file.digest([splice])}
