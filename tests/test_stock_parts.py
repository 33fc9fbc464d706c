"""Dagster and dbt are used as documented: nothing private, nothing overridden."""

import ast
import json
import re
from collections.abc import Iterator

import pytest

from dagster_project import settings
from dagster_project.transform import manifest

STOCK = ("dagster", "dagster_dbt", "dagster_shared", "dagster_dg_cli", "dbt")
PRIVATE = re.compile(r"_(?!_)\w+")
# python-docx has no public names for these, and documents this use.
OF_WORD = {"_tr", "_tc", "_tbl", "_inline", "_p", "_r"}
# dbt asks a project to define this macro; dbt-duckdb asks a plugin for these hooks.
OVERRIDDEN_MACROS = {"generate_schema_name"}
HOOKS = {"update_connection_config", "configure_connection", "configure_cursor"}
SOURCES = [
    (path, path.read_text(encoding="utf-8"))
    for folder in ("dagster_project", "reports")
    for path in sorted((settings.REPOSITORY / folder).rglob("*.py"))
]


def private_names(source: str) -> Iterator[str]:
    """Yield private names of other packages that a module uses."""
    tree = ast.parse(source)
    own = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [part for alias in names for part in alias.name.split(".")]
            case ast.ImportFrom(module=module, names=names):
                found = [*(module or "").split("."), *(alias.name for alias in names)]
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                found = []
            case ast.Attribute(attr=name):
                found = [name]
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if (
                called in ("getattr", "setattr", "import_module", "patch")
            ):
                texts = [each for each in node.args if isinstance(each, ast.Constant)]
                found = [part for text in texts for part in str(text.value).split(".")]
            case _:
                found = []
        yield from (
            name for name in found if PRIVATE.fullmatch(name) and name not in own
        )


def stock_names(tree: ast.Module) -> set[str]:
    """Return the names by which a module refers to parts of Dagster and dbt."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(alias.name, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [
                (node.module or "", each.asname or each.name) for each in node.names
            ]
        else:
            continue
        names |= {
            name.split(".")[0]
            for module, name in found
            if module.split(".")[0] in STOCK
        }
    return names


def changed_parts(source: str) -> Iterator[str]:
    """Yield attributes of Dagster or dbt that a module assigns."""
    tree = ast.parse(source)
    stock = stock_names(tree)
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            root = target
            while isinstance(root, ast.Attribute):
                root = root.value
            if root is not target and isinstance(root, ast.Name) and root.id in stock:
                yield ast.unparse(target)


@pytest.mark.parametrize(
    "source",
    [
        "from dagster._core import instance",
        "import dagster._core.instance",
        "from dagster_dbt.core import _name",
        "DbtCliResource._cli_runner",
        "getattr(resource, '_adapter')",
        "import_module('dagster._core.storage')",
    ],
)
def test_the_check_finds_private_members(source):
    assert list(private_names(source))


def test_no_private_member_of_another_package_is_used():
    found = {str(path): set(private_names(text)) - OF_WORD for path, text in SOURCES}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_check_finds_changed_parts():
    source = "import dagster as dg\ndg.DagsterInstance.get = print"
    assert list(changed_parts(source)) == ["dg.DagsterInstance.get"]


def test_no_part_of_dagster_or_dbt_is_changed_while_the_program_runs():
    found = {str(path): list(changed_parts(text)) for path, text in SOURCES}
    assert {path: parts for path, parts in found.items() if parts} == {}


def test_of_classes_of_dbt_only_the_plugins_documented_hooks_are_defined_anew():
    found = set()
    for _, text in SOURCES:
        tree = ast.parse(text)
        of_dbt = {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] in ("dbt", "dagster_dbt")
            for each in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and of_dbt.intersection(
                ast.unparse(base) for base in node.bases
            ):
                found |= {
                    each.name for each in node.body if isinstance(each, ast.FunctionDef)
                }
    assert found == HOOKS


def test_no_macro_of_dbt_is_overridden_but_the_one_that_names_schemas():
    macros = json.loads(manifest.prepared().read_text(encoding="utf-8"))["macros"]
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for macro in macros.values():
        name = re.sub("^(default|duckdb)__", "", macro["name"])
        names[macro["package_name"] == "strandline"].add(name)
    assert len(names[False]) > 200
    assert names[True] & names[False] == OVERRIDDEN_MACROS


def test_no_materialization_is_the_projects_own():
    for path in (settings.DBT_PROJECT / "macros").rglob("*.sql"):
        assert "{% materialization" not in path.read_text(encoding="utf-8"), path
