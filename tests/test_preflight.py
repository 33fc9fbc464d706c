"""The check of all deliveries before any of them is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from dagster_project import settings
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing, load_log
from dagster_project.intake.contracts import Contract, load_contract
from dagster_project.intake.deliveries import MARK
from dagster_project.intake.reading import readers
from tests.intake_files import CELLS, rewrite, workbook


@dataclass
class Delivered:
    """A home with a good file of each required extract."""

    home: settings.Home
    connection: duckdb.DuckDBPyConnection
    said: list[str] = field(default_factory=list)

    def put(self, extract: str, file_name: str, data: bytes | None = None) -> Path:
        folder = self.home.landing / extract
        folder.mkdir(parents=True, exist_ok=True)
        header = ",".join(load_contract(extract).columns)
        path = folder / file_name
        path.write_bytes(f"{header}\n".encode() if data is None else data)
        return path

    def look(self) -> landing.preflight.Looked:
        return landing.look_at_all(self.connection, self.home, self.said.append)

    def refusal(self) -> str:
        with pytest.raises(DeliveryError) as refused:
            self.look()
        return str(refused.value)


@pytest.fixture
def delivered(tmp_path) -> Iterator[Delivered]:
    home = settings.Home(tmp_path)
    with load_log.warehouse(home.warehouse) as connection:
        delivered = Delivered(home, connection)
        delivered.put("crimes", "crimes_20210101T060000.csv")
        delivered.put("actions", "actions_20210101T060000.csv")
        landing.remember_force(home, "essex")
        yield delivered


@pytest.mark.parametrize("has_archives", [False, True])
def test_a_home_that_is_said_to_be_of_another_force_than_its_loads_is_refused(
    delivered, has_archives
):
    landing.take(delivered.connection, delivered.home, "crimes", delivered.said.append)
    marker = delivered.home.root / landing.HOME_FILE
    marker.write_text('{"force_code": "kent"}')
    if has_archives:
        (delivered.home.landing / landing.OPEN_DATA / "2021").mkdir(parents=True)
    said = delivered.refusal()
    assert "data of another force (essex), and it is said to be of kent" in said
    assert f"If {marker} has the wrong force_code, correct it there" in said


def test_every_refusal_of_every_extract_is_said_at_once_and_no_line_is_read(
    delivered, monkeypatch
):
    delivered.put("crimes", "crimes_20210108T060000.ods", b"PK")
    delivered.put("actions", "actions_20210108T060000.csv", b"action,colour\n1,red\n")
    delivered.put("actions", "actions_north_20210109T060000.csv")
    delivered.put("actions", "actions_south_20210109T060000.csv", b"x")
    delivered.put("team_returns", "team_returns_20990101T060000.csv")
    delivered.put("prevent_referrals", "prevent_referrals_today.csv")
    monkeypatch.setattr(readers, "read", lambda *_: pytest.fail("a line was read"))
    said = delivered.refusal()
    for part in (
        "crimes_20210108T060000.ods: an OpenDocument spreadsheet",
        "actions_20210108T060000.csv, line 1: the header lacks action_id",
        "actions_north_20210109T060000.csv and actions_south_20210109T060000.csv",
        "team_returns_20990101T060000.csv: the name says that it was extracted at",
        "prevent_referrals_today.csv: the file name must contain",
    ):
        assert part in said


def test_a_file_with_a_wrong_header_is_registered_as_rejected_once(delivered):
    delivered.put("actions", "actions_20210108T060000.csv", b"action,colour\n1,red\n")
    for _ in range(2):
        delivered.refusal()
    found = delivered.connection.execute(
        "select file_name, status, lines_delivered from raw.loads"
    ).fetchall()
    assert found == [("actions_20210108T060000.csv", "rejected", 0)]


def test_a_known_file_is_not_checked_again(delivered, monkeypatch):
    path = delivered.put("crimes", "crimes_20210101T060000.csv")
    assert delivered.look().new_files == {"crimes": 1, "actions": 1}
    delivered.connection.execute(
        "insert into raw.loads by name select 1 as load_id, 'crimes' as extract,"
        " 'force extracts' as origin, ? as file_name, 'x' as sha256, ? as file_bytes,"
        " timestamp '2021-01-01 06:00' as extracted_at, now()::timestamp as loaded_at,"
        " 0 as lines_delivered, 0 as lines_stored, 0 as lines_unchanged,"
        " 0 as lines_unreadable, 'loaded' as status",
        [path.name, path.stat().st_size],
    )
    assert delivered.look().new_files == {"crimes": 0, "actions": 1}
    path.write_bytes(b"another\n")
    assert "the header lacks crime_id" in delivered.refusal()


REFUSED = [
    (".csv", b"", "the file is empty and has no header"),
    (".csv", b"\r\n\r\n", "the file is empty and has no header"),
    (".csv", b"PK\x03\x04rest", "its content is a workbook or a zip archive"),
    (".csv", b"\x1f\x8brest", "its content is a compressed file"),
    (".csv", b"PAR1rest", "its content is a Parquet file"),
    (".csv", "crime_id".encode("utf-16"), "the text is in UTF-16, not in UTF-8"),
    (".csv", b"crime_id;recorded_at\n", "separated by semicolons"),
    (".xlsx", b"\xd0\xcf\x11\xe0rest", "in Excel's old format, or one with a password"),
    (".xlsx", b"crime_id", "not a readable workbook"),
    (".parquet", b"PAR1PAR1", "not a readable Parquet file"),
    (".csv.gz", b"\x1f\x8b\x08cut", "the file is damaged or cannot be read"),
]


@pytest.mark.parametrize(("suffix", "data", "words"), REFUSED)
def test_a_file_that_its_reader_would_refuse_is_refused_in_the_readers_words(
    delivered, suffix, data, words
):
    path = delivered.put("crimes", f"crimes_20210108T060000{suffix}", data)
    with pytest.raises(DeliveryError) as refused:
        readers.read(delivered.connection, path, load_contract("crimes"))
    assert words in str(refused.value)
    assert delivered.refusal() == str(refused.value)


def blank_first_row(path: Path, header: list[str]) -> None:
    workbook(path, T=[[], header, ["1"]])


def a_sheet_of_another_header(path: Path, header: list[str]) -> None:
    workbook(path, Notes=[["Kept by the office"]], T=[header, ["1"]])


def a_size_that_is_less_than_the_sheet(path: Path, header: list[str]) -> None:
    workbook(path, T=[header, ["1"]])
    rewrite(path, CELLS, '<dimension ref="[^"]*"', '<dimension ref="A1"')


def spaces_and_capitals(path: Path, header: list[str]) -> None:
    names = [f" {name.upper()} " for name in header]
    parquet.write_table(pa.table([["1"]] * len(names), names), path)


def blank_first_lines(path: Path, header: list[str]) -> None:
    path.write_text(f" , ,\n\n{','.join(header)}\n")


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        (".xlsx", blank_first_row),
        (".xlsx", a_sheet_of_another_header),
        (".xlsx", a_size_that_is_less_than_the_sheet),
        (".parquet", spaces_and_capitals),
        (".csv", blank_first_lines),
    ],
)
def test_a_file_that_its_reader_takes_is_not_refused_before(delivered, suffix, write):
    path = delivered.home.landing / "crimes" / f"crimes_20210108T060000{suffix}"
    write(path, list(load_contract("crimes").columns))
    assert delivered.look().new_files["crimes"] == 2
    readers.read(delivered.connection, path, load_contract("crimes"))


def test_unknown_names_in_the_landing_folder_are_reported(delivered):
    delivered.put("crimes", "~$crimes_20210101T060000.xlsx", b"x")
    delivered.put("crimes", "notes.txt", b"x")
    delivered.put("crimes", "crimes_20210108T060000.csv.part", b"x")
    (delivered.home.landing / "crimez").mkdir()
    delivered.look()
    said = "\n".join(delivered.said)
    for part in (
        "crimes/~$crimes_20210101T060000.xlsx is a temporary file",
        "crimes/notes.txt is not named like a file of crimes",
        "crimes/crimes_20210108T060000.csv.part is still being written",
        "landing/crimez has the name of no extract",
    ):
        assert part in said


def test_a_missing_required_extract_is_said_with_the_other_refusals(delivered):
    for path in (delivered.home.landing / "actions").iterdir():
        path.unlink()
    delivered.put("crimes", "crimes_20210108T060000.zip", b"PK")
    said = delivered.refusal()
    assert "no file named actions_*" in said and "a zip archive" in said


def test_an_optional_extract_that_came_later_stops_no_report_of_a_past_moment(
    delivered,
):
    delivered.put("team_returns", "team_returns_20211001T060000.csv")
    delivered.home = replace(delivered.home, as_at="2021-06-30")
    assert delivered.look().new_files == {"crimes": 1, "actions": 1}
    assert delivered.said == []
    taken = landing.take(
        delivered.connection, delivered.home, "team_returns", delivered.said.append
    )
    assert taken == landing.Taken()


def test_a_required_extract_that_came_later_stops_a_report_of_a_past_moment(delivered):
    delivered.home = replace(delivered.home, as_at="2020-12-31")
    assert "crimes was first extracted at 2021-01-01 06:00:00" in delivered.refusal()


def test_an_optional_extract_whose_folder_may_not_be_read_is_said_with_the_remedy(
    delivered, unprivileged
):
    folder = delivered.put("team_returns", "team_returns_20210101T060000.csv").parent
    with unprivileged(delivered.home.root) as everyone:
        folder.chmod(0)
        with everyone():
            said = delivered.refusal()
        folder.chmod(0o755)
    assert f"{folder}: cannot be read (Permission denied). Give this user" in said


@pytest.mark.parametrize("marked", [False, True])
def test_a_file_without_read_permission_is_reported_with_the_other_refusals(
    delivered, unprivileged, marked
):
    if marked:
        mark = {"files": {}, "force_code": "essex"}
        (delivered.home.landing / MARK).write_text(json.dumps(mark))
    path = delivered.put("crimes", "crimes_20210108T060000.csv")
    delivered.put("crimes", "crimes_20210115T060000.ods", b"x")
    path.chmod(0)
    with unprivileged(delivered.home.root) as everyone, everyone():
        said = delivered.refusal()
    assert (
        f"{path}: cannot be read (Permission denied). Give this user the right" in said
    )
    assert "crimes_20210115T060000.ods: an OpenDocument spreadsheet" in said
    rejected = delivered.connection.execute(
        "select file_name from raw.loads"
    ).fetchall()
    assert (path.name,) not in rejected


def test_a_file_that_disappears_during_the_check_is_reported(delivered, monkeypatch):
    path = delivered.put("crimes", "crimes_20210108T060000.csv")
    check = readers.check

    def check_when_it_is_gone(found: Path, contract: Contract) -> None:
        if found == path:
            path.unlink()
        check(found, contract)

    monkeypatch.setattr(readers, "check", check_when_it_is_gone)
    assert f"{path}: cannot be read (No such file or directory)" in delivered.refusal()
