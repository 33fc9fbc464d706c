"""The layout of the Python code: imports, and the first sentence of each file."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dagster_project import settings

CODE = sorted(
    path
    for top in ("dagster_project", "reports")
    for path in (settings.REPOSITORY / top).rglob("*.py")
)


def module_of(path: Path) -> str:
    parts = path.relative_to(settings.REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in CODE}


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of this project that a file imports, in any place."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else node.module for name in named)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


IMPORTS = {
    name: {other for other in imported(path) if other in MODULES}
    for name, path in MODULES.items()
}


def package_of(module: str) -> str:
    """Return the package of a module: `dagster_project.intake` for `….intake.names`."""
    top, *below = module.split(".")
    return ".".join([top, *below[:1]]) if top == "dagster_project" else top


def test_no_module_imports_itself_by_way_of_others():
    TopologicalSorter(IMPORTS).prepare()


def test_no_package_imports_itself_by_way_of_others():
    between: dict[str, set[str]] = {}
    for name, others in IMPORTS.items():
        mine = package_of(name)
        theirs = {package_of(other) for other in others} - {mine}
        between.setdefault(mine, set()).update(theirs)
    TopologicalSorter(between).prepare()


def test_the_intake_imports_nothing_that_is_made_from_it():
    later = ("transform", "warehouse", "releases", "inspection", "cli", "defs")
    found = {
        (name, other)
        for name, others in IMPORTS.items()
        if package_of(name) == "dagster_project.intake"
        for other in others
        if other.startswith(tuple(f"dagster_project.{each}" for each in later))
        or package_of(other) == "reports"
    }
    assert not found


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_a_files_docstring_begins_with_a_sentence(path: Path):
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring, f"{path.name} has no docstring"
    # The first line is a sentence, with a full stop or a colon at its end.
    assert docstring.splitlines()[0].endswith((".", ":")), docstring.splitlines()[0]


def test_only_the_settings_read_the_environment():
    found = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv", "putenv")
    }
    assert found == {"dagster_project.settings"}
