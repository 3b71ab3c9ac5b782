"""Imports point one way: portal, advisor, vendors. The engine, the documents and the catalogue of bits need no Django."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import advisor.documents
import advisor.engine
import advisor.trials

ROOT = Path(__file__).resolve().parent.parent
# What each app may not know of.
ABOVE = {"vendors": {"advisor", "portal"}, "advisor": {"portal"}}
ENGINE = [f"advisor.engine.{module.name}" for module in pkgutil.iter_modules(advisor.engine.__path__)]
TRIALS = [f"advisor.trials.{module.name}" for module in pkgutil.iter_modules(advisor.trials.__path__)]
DOCUMENTS = [f"advisor.documents.{module.name}" for module in pkgutil.iter_modules(advisor.documents.__path__)]
PURE = [*ENGINE, *TRIALS, *DOCUMENTS, "vendors.catalogue", "vendors.cells", "vendors.folding", "vendors.facets"]


def imported(file: Path):
    """The top packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One that begins with a dot stays in its own app as long as apps are not nested.
            yield "" if node.level else (node.module or "").partition(".")[0]


@pytest.mark.parametrize("app", ABOVE)
def test_an_app_imports_none_of_the_apps_above_it(app):
    files = list((ROOT / app).rglob("*.py"))
    assert len(files) > 5
    wrong = {(str(file.relative_to(ROOT)), name) for file in files for name in imported(file) if name in ABOVE[app]}
    assert wrong == set()


def test_the_check_sees_an_import_wherever_it_stands(tmp_path):
    (tmp_path / "a.py").write_text("def f():\n    from portal.limits import posts\n    import advisor.engine as engine\n")
    assert set(imported(tmp_path / "a.py")) == {"portal", "advisor"}


@pytest.mark.parametrize("app", ABOVE)
def test_no_migration_waits_for_one_of_an_app_above(app):
    for file in (ROOT / app / "migrations").glob("0*.py"):
        assert not any(f'("{above}", ' in file.read_text(encoding="utf-8") for above in ABOVE[app])


def test_what_is_worked_out_and_written_needs_no_django():
    code = (
        f"import importlib, sys\nfor name in {PURE!r}: importlib.import_module(name)\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in ('django', 'sqlite3', 'psycopg')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
    assert len(ENGINE) > 5
