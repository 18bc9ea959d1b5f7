"""The page's engine knows nothing of the page: it imports only itself, and would run in a worker."""

import re
from pathlib import Path

import pytest

ENGINE = Path(__file__).parent.parent / "webapp" / "page" / "engine"
MODULES = sorted(ENGINE.rglob("*.js"))
OF_THE_PAGE = r"\b(document|window|fetch|navigator|location|localStorage|customElements|HTMLElement)\b"


def test_the_engine_is_there():
    assert {"image.js", "network.js", "checkpoint.js"} <= {module.name for module in MODULES}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_imports_only_its_neighbours(module):
    source = module.read_text(encoding="utf-8")
    imported = re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", source)
    assert len(imported) >= len(re.findall(r"^import\b", source, re.MULTILINE))
    for name in imported:
        assert re.fullmatch(r"\.{1,2}/([a-z_]+/)?[a-z_]+\.js", name), name
        path = (module.parent / name).resolve()
        assert path.is_file()
        assert path.is_relative_to(ENGINE)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_names_nothing_of_the_page(module):
    code = re.sub(r"/\*(?s:.*?)\*/|//.*", "", module.read_text(encoding="utf-8"))
    assert not re.findall(OF_THE_PAGE, code)
