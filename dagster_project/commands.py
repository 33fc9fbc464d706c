"""What each command of the command line does."""

import argparse
import getpass
import importlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from dagster_project import (
    documentation,
    explanation,
    inspection,
    locks,
    manifest,
    packs,
    paths,
    publication_store,
    publications,
    runs,
    seeds,
    verification,
)
from dagster_project.console import say
from dagster_project.inspection import words
from dagster_project.paths import Home
from dagster_project.sources import demo as demonstration
from dagster_project.sources import (
    extracts,
    holding,
    landing,
    names,
    police_uk,
    register,
)

# What `inspect` ends with where the file would be refused, or held or stop the run.
REFUSED = 2
NOT_TAKEN = 1
MOST_HEADLINES = 3  # tables of some thirty lines; beyond, a line for each force


def report(options: argparse.Namespace) -> int:
    """Everything from the extracts to the pack, and where to find it."""
    seeds.refuse_mistakes()
    if options.archive and not options.force:
        print(police_uk.describe(options.archive))
        print("\nName one of its forces: make report ARCHIVE=… FORCE=<force>")
        print("or have them all in one home: make report ARCHIVE=… FORCE=all")
        return 0
    home = _configured(options)
    with locks.alone(home):
        _deliver(home, options)
        _look_first(home)
        try:
            runs.report(options.quarter)
            _print_outcome(home, options.quarter)
            _repeat_warnings()
        finally:
            _print_what_waits(home)
    return 0


def prepare(_: argparse.Namespace) -> int:
    """What each first run would do once: parse the dbt project, list the fonts."""
    paths.configure(paths.DEMONSTRATION_HOME)
    paths.write_settings_for_dagster()
    manifest.prepared()
    importlib.import_module("matplotlib.font_manager")
    return 0


def publish(options: argparse.Namespace) -> int:
    """The quarter's pack, as it is, becomes the next version given out."""
    home = paths.configure(options.data)
    with locks.alone(home):
        version = publications.publish(home, options.quarter)
    folder = publication_store.folder_of(home, options.quarter, version)
    print(f"{options.quarter} is published as version {version}: {_short(folder)}")
    return 0


def verify(options: argparse.Namespace) -> int:
    """A publication made again from its own inputs; 1 where that differs."""
    home = paths.configure(options.data)
    found = verification.verify(home, options.quarter, options.version)
    print("\n".join(found.lines))
    return 0 if found.is_verified else 1


def explain(options: argparse.Namespace) -> int:
    """A figure in words, and the records that it counts."""
    home = paths.configure(options.data, as_at=options.as_at)
    figure = explanation.Figure(options.quarter, options.figure, options.force)
    print("\n".join(explanation.explain(home, figure, options.records, options.csv)))
    return 0


def demo(options: argparse.Namespace) -> int:
    """The demonstration extracts, at their natural size or any other."""
    home = paths.configure(options.data)
    with locks.alone(home):
        demonstration.write_demonstration(home.landing, options.crimes, options.format)
    return 0


def release(options: argparse.Namespace) -> int:
    """A person's word that a held delivery is right: the next run takes it."""
    home = paths.configure(options.data)
    person = options.by or getpass.getuser()
    with register.warehouse(home.warehouse) as connection:
        name = holding.release(
            connection, home.landing, options.load, person, names.london_now()
        )
    print(f"{name} is released by {person}: the next run takes it.")
    return 0


def inspect(options: argparse.Namespace) -> int:
    """What would happen to a file.

    Returns:
        0 where it would be taken, 1 where it would be held or stop the run, 2 where it
        would be refused.
    """
    home = Home(options.data.resolve()) if options.data else None
    with tempfile.TemporaryDirectory(prefix="strandline_inspect_") as folder:
        scratch = paths.configure(Path(folder) / "home")
        outcome = inspection.inspect(options.file, options.extract, scratch, home)
    if options.json:
        print(json.dumps(outcome.counts(), ensure_ascii=False))
    else:
        print("\n".join(words.in_words(outcome, home is not None)))
    if outcome.refused:
        return REFUSED
    return 0 if outcome.is_taken else NOT_TAKEN


def docs(_: argparse.Namespace) -> int:
    """The pages that are made from contracts and models."""
    paths.configure()
    for path in documentation.write():
        print(_short(path))
    return 0


def dev(options: argparse.Namespace) -> NoReturn:
    """Dagster's pages, schedules and runs, on the loopback address only."""
    seeds.refuse_mistakes()
    home = _configured(options)
    with locks.alone(home):
        _deliver(home, options)
        runs.close_dead()
    print(f"data home: {_short(home.work)}", flush=True)
    paths.prepare_dagster()
    # `dg` looks for a `.env` in this folder, and would follow the repository's to the
    # demonstration's home.
    os.chdir(home.work)
    what = ("--module-name", "dagster_project.definitions")
    address = ("--host", "127.0.0.1", "--port", options.port)
    # In this process's place: whoever ends it ends Dagster.
    os.execv(_program("dg"), ["dg", "dev", *what, *address])


def lint(options: argparse.Namespace) -> int:
    """The seeds, sqlfluff on all SQL, and Dagster's own check of its definitions."""
    seeds.refuse_mistakes()
    paths.configure()
    os.environ["STRANDLINE_TARGET"] = "lint"
    sqlfluff = subprocess.run(
        [_program("sqlfluff"), "lint", "--processes", "2", *options.paths], check=False
    )
    os.environ.pop("STRANDLINE_TARGET")
    return sqlfluff.returncode or _dg("check", "defs")


def _dg(*arguments: str) -> int:
    paths.prepare_dagster()
    command = [_program("dg"), *arguments]
    return subprocess.run(command, cwd=paths.REPOSITORY, check=False).returncode


def _program(name: str) -> str:
    """A program of this environment, whatever the caller's PATH says."""
    return str(Path(sys.executable).with_name(name))


def _configured(options: argparse.Namespace) -> Home:
    """The home that the options name."""
    if options.archive:
        root = options.data or paths.DEMONSTRATION_HOME / options.force
        return paths.configure(root, options.force, options.as_at)
    if options.data:
        return paths.configure(options.data, options.force, options.as_at)
    return paths.configure(paths.DEMONSTRATION_HOME, as_at=options.as_at)


def _deliver(home: Home, options: argparse.Namespace) -> None:
    """Whatever the options deliver, in its place; the demonstration if nothing."""
    if options.force and (options.archive or options.data):
        landing.remember_force(home, options.force)
    if options.archive:
        landing.deliver_archive(home, options.archive, say)
    elif not options.data and not (home.landing / extracts.MARK).exists():
        # Two things that need no other: Dagster gets ready while DuckDB writes.
        with ThreadPoolExecutor(max_workers=1) as pool:
            ready = pool.submit(runs.prepare)
            demonstration.write_demonstration(home.landing, progress=say)
            ready.result()


def _print_outcome(home: Home, quarter: str) -> None:
    from reports import headline

    folders = packs.folders(home, quarter)
    if len(folders) > MOST_HEADLINES:
        print(f"\n{len(folders)} packs, one for each force; begin with index.html:")
        for force, folder in folders.items():
            print(f"  {force}: {_short(folder)}")
        return
    for force, folder in folders.items():
        print(f"\n{headline(home.current, quarter, force)}")
        print(f"\nThe pack is in {_short(folder)}; begin with index.html.")


def _look_first(home: Home) -> None:
    """What the run's first asset does, without waiting until Dagster is there.

    Raises:
        DeliveryError: everything that must be put right before anything is taken.
    """
    with register.warehouse(home.warehouse) as connection:
        landing.look_at_all(connection, home, say=lambda _: None)


def _print_what_waits(home: Home) -> None:
    """Each delivery that is on hold and the command that takes it: the last lines."""
    if not home.warehouse.exists():
        return
    with register.warehouse(home.warehouse) as connection:
        waiting = landing.on_hold(connection, home)
    if waiting:
        print("\nOn hold until somebody decides. No figure counts these deliveries:")
    for sentence in waiting:
        print(f"  {sentence}")


def _repeat_warnings() -> None:
    """What the run has warned of, where it is not scrolled away."""
    warned = runs.warnings()
    if warned:
        count = "a warning" if len(warned) == 1 else f"{len(warned)} warnings"
        print(f"\nThe run ended with {count}:")
    for warning in warned:
        print(f"\n{warning}")


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
