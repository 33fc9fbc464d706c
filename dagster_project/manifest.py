"""dbt's manifest: what Dagster's assets and checks are made from."""

from pathlib import Path

from dagster_project import paths


def prepared() -> Path:
    """The manifest, parsed again where the dbt project has changed since.

    Raises:
        RuntimeError: the dbt project does not parse.
    """
    manifest = paths.home().dbt_target / "manifest.json"
    if not manifest.exists() or manifest.stat().st_mtime < _last_change():
        _parse()
    return manifest


def _last_change() -> float:
    files = [
        path
        for folder in (paths.DBT_PROJECT, paths.SEEDS)
        for path in folder.rglob("*")
        if path.is_file()
    ]
    return max(path.stat().st_mtime for path in files)


def _parse() -> None:
    from dbt.cli.main import dbtRunner

    arguments = ["--quiet", "parse", "--project-dir", str(paths.DBT_PROJECT)]
    result = dbtRunner().invoke(arguments)
    if not result.success:
        raise RuntimeError(f"the dbt project does not parse: {result.exception}")
