"""`mnist_core` imports nothing of the page, and importing it reads, downloads and prints nothing."""

import ast
import importlib.util
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import mnist_core

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(mnist_core.__path__, "mnist_core.") if not module.ispkg
)

# In a fresh process: note what gets opened and connected to while every module of the engine is imported.
# The libraries it stands on come first; what they read is theirs.
WATCH = """
import importlib, json, sys
import numpy, PIL.Image, PIL.ImageDraw, pydantic, safetensors.torch, torch, tqdm
pydantic.TypeAdapter(int)  # the first one looks for plug-ins of pydantic
happened = []
def note(event, details):
    if event == "open" and not str(details[0]).endswith((".py", ".pyc")):
        happened.append(f"open {details[0]}")
    if event.startswith(("socket.", "urllib.", "subprocess.", "os.mkdir")):
        happened.append(event)
sys.addaudithook(note)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps({"loaded": sorted(sys.modules), "happened": happened}))
"""


@pytest.fixture(scope="module")
def imported():
    """What importing all of mnist_core leaves: modules loaded, things done, words printed."""
    process = subprocess.run(
        [sys.executable, "-c", WATCH, json.dumps(MODULES)], capture_output=True, text=True, check=True
    )
    *printed, report = process.stdout.splitlines()
    return {**json.loads(report), "printed": printed, "complained": process.stderr}


def test_every_module_of_the_engine_was_imported(imported):
    assert set(MODULES) <= set(imported["loaded"])


@pytest.mark.parametrize(
    "package", ["gradio", "webapp", "app", "torchvision", "onnx", "onnxscript", "onnxruntime"]
)
def test_importing_the_engine_does_not_load(imported, package):
    assert package not in imported["loaded"]


def test_importing_the_engine_reads_and_downloads_nothing(imported):
    assert imported["happened"] == []


def test_importing_the_engine_prints_nothing(imported):
    assert (imported["printed"], imported["complained"]) == ([], "")


# Every package, or module, and those it may import: what serves imports nothing that trains or measures.
BELOW = {
    "runs": [],
    "drawings": ["runs"],
    "networks": ["runs"],
    "checkpoints": ["networks", "runs"],
    "detector.network": ["checkpoints", "runs"],
    "training": ["checkpoints", "drawings", "networks", "runs"],
    "detector": ["checkpoints", "drawings", "networks", "runs", "training"],
    "measuring": ["checkpoints", "detector", "drawings", "networks", "runs", "training"],
}


def imports_of(module):
    """The modules of mnist_core that a module imports, anywhere in its text."""
    path = importlib.util.find_spec(module).origin
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mnist_core."):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("mnist_core."))


@pytest.mark.parametrize("package", BELOW)
def test_a_package_imports_only_what_stands_below_it(package):
    modules = [name for name in MODULES if f"{name}.".startswith(f"mnist_core.{package}.")]
    imported = {name.split(".")[1] for module in modules for name in imports_of(module)}
    assert modules
    assert imported <= {package, *BELOW[package], "errors"}


# What a host needs before anybody asks PyTorch: the runs, their cards, drawings and their words.
WITHOUT_PYTORCH = [
    "checkpoints.card",
    "drawings.archives",
    "drawings.strokes",
    "errors",
    "runs.architectures",
    "runs.recipes",
]
LIGHT = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"mnist_core.{name}")
from mnist_core.checkpoints.card import load_cards
assert load_cards()
print(*(name for name in ("torch", "torchvision", "gradio", "PIL") if name in sys.modules))
"""


def test_runs_and_their_cards_are_read_without_pytorch():
    process = subprocess.run(
        [sys.executable, "-c", LIGHT, *WITHOUT_PYTORCH], capture_output=True, text=True, check=True
    )
    assert process.stdout.split() == []
