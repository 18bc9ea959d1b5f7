"""torchvision is imported beside any torch; operators that it misses are declared."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from mnist_core.drawings import fetching
from mnist_core.drawings.fetching import torchvision_module

OPERATOR = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


@pytest.mark.thorough
def test_torchvision_works_beside_the_torch_that_is_installed():
    code = (
        "from mnist_core.drawings.fetching import torchvision_module;"
        "print(torchvision_module('datasets').MNIST.__name__)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "MNIST\n"


@pytest.fixture
def declared(monkeypatch):
    """The operators that get declared for torchvision."""
    operators = []
    monkeypatch.setattr(fetching, "_OPERATORS", SimpleNamespace(define=operators.append))
    return operators


def importing(*outcomes):
    """An import_module with these results, one after the other; errors are raised."""
    remaining = list(outcomes)

    def import_module(name):
        outcome = remaining.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return SimpleNamespace(import_module=import_module)


def test_no_operator_is_declared_when_torchvision_imports_by_itself(declared, monkeypatch):
    monkeypatch.setattr(fetching, "importlib", importing("the module"))
    assert (torchvision_module("datasets"), declared) == ("the module", [])


def test_missing_operators_are_declared_and_the_import_tried_again(declared, monkeypatch):
    failure = RuntimeError("operator torchvision::nms does not exist")
    monkeypatch.setattr(fetching, "importlib", importing(failure, "the module"))
    assert torchvision_module("datasets") == "the module"
    assert declared == [f"nms{OPERATOR}", f"qnms{OPERATOR}"]


def test_another_failure_of_torchvision_is_not_hidden(declared, monkeypatch):
    monkeypatch.setattr(fetching, "importlib", importing(RuntimeError("no memory")))
    with pytest.raises(RuntimeError, match="no memory"):
        torchvision_module("datasets")
