"""The seeds as a home has them: the defaults, changed by the home's configuration.

`<home>/config/` has files with the names and columns of the seeds that a force may
change. `only_mine.csv` lists, in its column `seed`, the seeds whose default rows are
all left out.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dagster_project import settings
from dagster_project.configuration import files, merging
from dagster_project.configuration.declarations import Seed, read
from dagster_project.configuration.files import File
from dagster_project.configuration.mistakes import Mistake
from dagster_project.settings import Home

ONLY_MINE = "only_mine"
COLUMN = "seed"
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")


@dataclass(frozen=True)
class Layers:
    """The default seeds, and folders of configuration; later folders override
    earlier.
    """

    seeds: Path = settings.SEEDS
    configs: tuple[Path, ...] = ()

    def file(self, seed: Seed) -> File:
        """Return one seed, merged, with the mistakes of each of its files."""
        found = files.read(self.seeds, seed.name)
        mistakes = [*found.mistakes, *files.header_mistakes(found, seed)]
        found = replace(found, names=(found.name,))
        for config in self.configs:
            own = self._own(config, seed)
            is_alone = seed.name in only_mine(config)
            # A header alone changes nothing: it may be of an older version.
            if own is None or not (own.rows or own.mistakes or is_alone):
                continue
            # Without a column that may be empty, every value of it is empty.
            needed = [name for name in seed.key if seed.column(name).is_required]
            wrong = files.header_mistakes(own, seed, needed) if own.rows else []
            mistakes += [*own.mistakes, *wrong]
            # A file without the required columns of the key cannot be merged.
            if not wrong and found.header:
                if seed.has_fixed_rows:
                    mistakes += merging.additions(found, own, seed)
                found = (
                    merging.alone(found, own)
                    if is_alone
                    else merging.merged(found, own, seed)
                )
        return replace(found, mistakes=tuple(mistakes))

    def contents(self) -> dict[str, bytes]:
        """Return the name of each seed → its merged file.

        A seed without a file in any configuration is the default file, byte for byte.
        """
        paths = sorted(self.seeds.glob("*/*.csv"))
        found = {path.stem: path.read_bytes() for path in paths}
        return found | self._merged(set(found))

    def content(self, name: str) -> bytes:
        """Return the merged file of one seed."""
        if own := self._merged({name}):
            return own[name]
        return settings.seed(name, self.seeds).read_bytes()

    def _merged(self, names: set[str]) -> dict[str, bytes]:
        """Return name → merged file of the seeds that a configuration has a file of."""
        here = {path.stem for folder in self.configs for path in folder.glob("*.csv")}
        if not here & names:
            return {}
        declared = read(self.seeds)
        return {
            name: merging.as_csv(self.file(declared[name]))
            for name in sorted(here & names)
            if declared[name].is_of_a_force
        }

    def mistakes(self, declared: dict[str, Seed]) -> Iterator[Mistake]:
        """Yield files of the configuration that have no effect, each with a remedy."""
        owned = [name for name, seed in declared.items() if seed.is_of_a_force]
        for config in self.configs:
            for path in sorted(path for path in config.rglob("*") if path.is_file()):
                if wrong := _useless(path, config, owned):
                    yield Mistake(shown(path), 0, "", wrong)
            yield from _wrong_names(config, owned, declared)

    def _own(self, config: Path, seed: Seed) -> File | None:
        path = config / f"{seed.name}.csv"
        if not seed.is_of_a_force or not path.is_file():
            return None
        return files.read_csv(path, shown(path), may_be_marked=True)


def of(home: Home) -> Layers:
    """Return the seeds of a home."""
    return Layers(settings.SEEDS, home.configs)


def only_mine(config: Path) -> list[str]:
    """Return the seeds whose default rows a configuration leaves out."""
    path = config / f"{ONLY_MINE}.csv"
    if not path.is_file():
        return []
    rows = files.read_csv(path, shown(path), may_be_marked=True)
    return [name for _, name in rows.values(COLUMN)]


def shown(path: Path) -> str:
    """Return a path as messages show it: relative if it is in the repository."""
    inside = path.is_relative_to(settings.REPOSITORY)
    return str(path.relative_to(settings.REPOSITORY) if inside else path)


def _useless(path: Path, config: Path, owned: Iterable[str]) -> str:
    """Return why a file of a configuration has no effect; empty if it has one."""
    if config / settings.MAPPINGS in path.parents:
        return _useless_mapping(path)
    if path.suffix.lower() in WORKBOOKS:
        return "is a workbook, which is not read: save each sheet as CSV UTF-8"
    if path.suffix.lower() != ".csv":
        return ""
    if path.stem not in (*owned, ONLY_MINE):
        return (
            "is not the name of a file that a force owns"
            + _nearest(path.stem, owned)
            + ". Those of seeds/force/ are, and others whose declaration in"
            " seeds/_seeds.yml says is_of_a_force"
        )
    if path.parent != config:
        return f"lies in a folder: move it to {shown(config)}"
    return ""


def _useless_mapping(path: Path) -> str:
    """Return why a file in the folder of mappings is not read; empty if it may be."""
    if path.suffix.lower() in WORKBOOKS:
        return "is a workbook, which is not read: save it as CSV UTF-8"
    if path.suffix.lower() == ".yaml":
        return "ends in .yaml: name it .yml"
    is_below = path.parent.name != settings.MAPPINGS
    if is_below and path.suffix.lower() in (".yml", ".csv"):
        return f"lies in a folder: move it to {shown(path.parent.parent)}"
    return ""


def _wrong_names(
    config: Path, owned: list[str], declared: dict[str, Seed]
) -> Iterator[Mistake]:
    """Yield rows of `only_mine.csv` that have no effect, or leave out required rows."""
    path = config / f"{ONLY_MINE}.csv"
    if not path.is_file():
        return
    file = files.read_csv(path, shown(path), may_be_marked=True)
    yield from file.mistakes
    if file.header != (COLUMN,):
        text = f"its header is not the one column {COLUMN}"
        yield Mistake(file.name, 1, COLUMN, text)
    for number, name in file.values(COLUMN):
        if name not in owned:
            text = f"'{name}' is not a file that a force owns{_nearest(name, owned)}"
            yield file.mistake(number, COLUMN, text)
        elif not (config / f"{name}.csv").is_file():
            text = f"there is no {name}.csv beside it: add the file, or remove this row"
            yield file.mistake(number, COLUMN, text)
        elif declared[name].has_fixed_rows:
            text = f"the program needs every default row of {name}: remove this row"
            yield file.mistake(number, COLUMN, text)


def _nearest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; is {found[0]}.csv meant?" if found else ""
