"""Files that arrive in any order give the same history: extraction times decide.

The model (`Past`) was written independently of the SQL: it processes the files in order
of extraction and keeps a dictionary.
"""

import shutil
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.built_models import BuiltModels, delivered, file_name
from tests.conftest import Result

# A line is its key, and a value that is valid or not.
Lines = list[tuple[str, str]]
KEYS = ("K1", "K2", "K3", "K4", " K1", "")
INVALID = "not valid"
EXTRACTS = {
    "crimes": ("crime_id", "lsoa_code", {"offence_code": "999X"}),
    "actions": ("action_id", "action_title", {"strand_name": "Piracy"}),
}
line_lists = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(["v1", "v2", INVALID])), max_size=7
)


@dataclass(frozen=True)
class File:
    """One delivery: day of extraction, lines, and whether it also has an unreadable
    line.
    """

    day: int
    lines: tuple[tuple[str, str], ...]
    has_unreadable: bool = False

    def bytes(self, extract: str) -> bytes:
        key, value, spoil = EXTRACTS[extract]
        changes = [
            {key: k, value: v} | (spoil if v == INVALID else {}) for k, v in self.lines
        ]
        return delivered(extract, *changes) + (b"too,few\n" * self.has_unreadable)

    @property
    def line_count(self) -> int:
        return len(self.lines) + self.has_unreadable


@dataclass
class Past:
    """What should be known after these files: versions of each key, with their days."""

    is_full: bool
    versions: dict[str, list[list]] = field(default_factory=dict)
    taken: list[File] = field(default_factory=list)
    held: int = 0

    def take(self, file: File) -> None:
        if self._is_held(file):
            self.held += 1
            return
        self.taken.append(file)
        lines = [(key.strip(), value) for key, value in file.lines]
        times = Counter(key for key, _ in lines)
        for key, value in lines:
            if key and times[key] == 1 and value != INVALID:
                self._say(key, value, file.day)
        if self.is_full and not file.has_unreadable:
            for key in set(self.versions) - set(times):
                self._close(key, file.day)

    def _say(self, key: str, value: str, day: int) -> None:
        known = self.versions.setdefault(key, [])
        if known and known[-1][2] is None:
            if known[-1][0] == value:
                return
            known[-1][2] = day
        known.append([value, day, None])

    def _close(self, key: str, day: int) -> None:
        if self.versions[key][-1][2] is None:
            self.versions[key][-1][2] = day

    def _is_held(self, file: File) -> bool:
        if not self.is_full:
            same = [f for f in self.taken if f.bytes("crimes") == file.bytes("crimes")]
            return bool(same) or not file.line_count
        usual = [before.line_count for before in self.taken[-6:]]
        too_small = usual and file.line_count < 0.7 * statistics.median(usual)
        return not file.line_count or bool(too_small)


@st.composite
def deliveries(draw) -> tuple[list[File], list[File]]:
    """Draw files in order of extraction, and an order of arrival with some repeated."""
    contents = draw(st.lists(st.tuples(line_lists, st.booleans()), max_size=5))
    files = [
        File(day, tuple(lines), has_unreadable and draw(st.booleans()))
        for day, (lines, has_unreadable) in enumerate(contents, start=1)
    ]
    arrivals = draw(st.permutations(files))
    again = draw(st.lists(st.sampled_from(files), max_size=2)) if files else []
    return files, [*arrivals, *again]


@pytest.fixture(scope="module")
def built(first_build: Result) -> Iterator[BuiltModels]:
    built = BuiltModels(first_build.home)
    built.settle_other_extracts()
    yield built
    built.connection.close()


def arrive(built: BuiltModels, landing: Path, extract: str, files: list[File]) -> None:
    """Take the files one by one into raw; a repeated file has another name."""
    built.empty()
    shutil.rmtree(landing, ignore_errors=True)
    folder = landing / extract
    folder.mkdir(parents=True)
    for file in files:
        path = folder / file_name(extract, file.day)
        if path.exists():
            path = path.with_name(path.name.replace("_", "_copy_", 1))
        path.write_bytes(file.bytes(extract))
        built.ingest(landing, extract)


def raw(built: BuiltModels, extract: str) -> list[list[tuple]]:
    tables = (
        f"from raw.{extract} order by all",
        "from raw.unreadable_lines order by all",
        "select * exclude (loaded_at, file_name) from raw.loads order by all",
    )
    return [built.rows(table) for table in tables]


def versions_found(built: BuiltModels, extract: str) -> dict[str, list[list]]:
    """Return the mart's versions; a version that only repeats the last is merged with
    it.
    """
    key, value, _ = EXTRACTS[extract]
    table = {"crimes": "fct_crime_versions", "actions": "fct_action_versions"}[extract]
    found: dict[str, list[list]] = {}
    for name, said, start, end in built.rows(
        f"select {key}, {value}, day(valid_from), day(valid_to)"
        f" from marts.{table} order by {key}, version_number"
    ):
        known = found.setdefault(name, [])
        if known and known[-1][0] == said and known[-1][2] == start:
            known[-1][2] = end
        else:
            known.append([said, start, end])
    return found


def state_found(built: BuiltModels, extract: str) -> dict[str, str]:
    key, value, _ = EXTRACTS[extract]
    if extract == "crimes":
        return dict(built.rows(f"select {key}, {value} from marts.fct_crimes"))
    return dict(
        built.rows(
            f"select {key}, {value} from marts.fct_action_versions where is_current"
        )
    )


def check(built: BuiltModels, landing: Path, extract: str, drawn) -> None:
    files, arrivals = drawn
    past = Past(is_full=extract == "actions")
    for file in files:
        past.take(file)
    arrive(built, landing, extract, arrivals)
    built.build()
    after_arrivals = raw(built, extract)
    assert versions_found(built, extract) == past.versions
    assert state_found(built, extract) == {
        key: known[-1][0]
        for key, known in past.versions.items()
        if known[-1][2] is None
    }
    fates = Counter(row[0] for row in built.rows("select status from raw.loads"))
    assert (fates["loaded"], fates["held"]) == (len(past.taken), past.held)
    check_identity(built, extract)
    arrive(built, landing, extract, files)
    assert raw(built, extract) == after_arrivals


def check_identity(built: BuiltModels, extract: str) -> None:
    """Check that delivered = accepted + unchanged + quarantined + unreadable in every
    file.
    """
    lines = built.rows(
        f"""
        select
            loads.lines_delivered,
            (select count(*) from raw.{extract} as lines
            where lines._load_id = loads.load_id and not lines._is_closing),
            loads.lines_unchanged,
            loads.lines_unreadable,
            (select count(*) from marts.fct_quarantined_lines as lines
            where lines.load_id = loads.load_id),
            (select count(*) from staging.stg_force__{extract} as lines
            where lines._load_id = loads.load_id and not lines.is_held
                and not lines._is_closing)
        from raw.loads where status = 'loaded'
        """
    )
    for delivered_lines, in_raw, unchanged, unreadable, held, accepted in lines:
        assert in_raw == held + accepted
        assert delivered_lines == accepted + unchanged + held + unreadable


thoroughly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@thoroughly
@given(deliveries())
def test_any_sequence_of_deltas_in_any_order_of_arrival_is_what_the_model_says(
    built, tmp_path, drawn
):
    check(built, tmp_path / "landing", "crimes", drawn)


@pytest.mark.slow
@thoroughly
@given(deliveries())
def test_any_sequence_of_full_extracts_in_any_order_of_arrival_is_what_the_model_says(
    built, tmp_path, drawn
):
    check(built, tmp_path / "landing", "actions", drawn)


def test_the_model_itself_closes_reopens_and_holds():
    past = Past(is_full=True)
    full = (("K1", "v1"), ("K2", "v1"))
    past.take(File(1, full))
    past.take(File(2, (("K1", "v2"), ("K3", "v1"))))
    past.take(File(3, (("K1", "v2"),)))
    past.take(File(4, full, has_unreadable=True))
    assert past.versions == {
        "K1": [["v1", 1, 2], ["v2", 2, 4], ["v1", 4, None]],
        "K2": [["v1", 1, 2], ["v1", 4, None]],
        "K3": [["v1", 2, None]],
    }
    assert past.held == 1
