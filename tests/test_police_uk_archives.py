"""Archives that are hostile, damaged or of another kind."""

import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from dagster_project import stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import load_log
from dagster_project.intake.police_uk import archives, open_data, unpacking
from dagster_project.intake.reading import csv_reader
from tests.open_data_files import BURGLARY, ESSEX, KENT, STREET, archive, csv, rewrite

GOOD = {ESSEX: csv(STREET, BURGLARY)}
# Bytes that compression does not change, so that a test can find and damage them.
LINES = csv(STREET, *[BURGLARY] * 40)


def load(tmp_path: Path, path: Path) -> tuple[dict[str, open_data.LoadResult], list]:
    """Load into a new database; return results by file name, and the forces stored."""
    with duckdb.connect(config=stores.SETTINGS) as connection:
        connection.execute(load_log.REGISTER)
        results = open_data.load_archives(
            connection, [path], None, progress=lambda line: None
        )
        forces = connection.execute(
            "select distinct _force_code from raw.police_uk_street order by all"
        ).fetchall()
    return {result.file_name: result for result in results}, [row[0] for row in forces]


def assert_refused(tmp_path: Path, path: Path, name: str, *words: str) -> None:
    """Check that `name` is refused with these words, and that Essex is loaded."""
    results, forces = load(tmp_path, path)
    assert results[name].status == "rejected"
    for word in (name, path.name, *words):
        assert word in results[name].message
    assert results[name].message.endswith(".")
    assert forces == ["essex"]


@pytest.mark.parametrize(
    "name",
    [
        f"../{KENT}",
        f"2021-07/../../{KENT}",
        f"/srv/{KENT}",
        f"C:/{KENT}",
        f"C:{KENT}",
        "..\\2021-07-kent-street.csv",
        "2021-07\\2021-07-kent-street.csv",
    ],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    path = archive(tmp_path / "a.zip", GOOD | {name: csv(STREET, BURGLARY)})
    assert_refused(tmp_path, path, name, "points outside the archive")


def test_a_link_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD)
    with zipfile.ZipFile(path, "a") as handle:
        info = zipfile.ZipInfo(KENT)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        handle.writestr(info, "/etc/passwd")
    assert_refused(tmp_path, path, KENT, "it is a link")


def test_a_link_in_a_folder_is_refused(tmp_path):
    folder = tmp_path / "folder"
    for name in (ESSEX, KENT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / ESSEX).write_bytes(GOOD[ESSEX])
    (tmp_path / "elsewhere.csv").write_bytes(GOOD[ESSEX])
    (folder / KENT).symlink_to(tmp_path / "elsewhere.csv")
    assert_refused(tmp_path, folder, KENT, "it is a link")


def test_an_encrypted_member_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + offset] |= 1  # In both zip headers of Kent.
    path.write_bytes(bytes(data))
    assert_refused(tmp_path, path, KENT, "it is encrypted")


def test_an_archive_within_the_archive_is_refused(tmp_path):
    inner = archive(tmp_path / "inner.zip", {KENT: LINES}).read_bytes()
    path = archive(tmp_path / "a.zip", GOOD | {"2021-06.zip": inner})
    assert_refused(tmp_path, path, "2021-06.zip", "archive inside the archive")


def test_a_rare_packing_method_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD)
    with zipfile.ZipFile(path, "a") as handle:
        handle.writestr(KENT, LINES, zipfile.ZIP_BZIP2)
    assert_refused(tmp_path, path, KENT, "rare method")


def test_a_member_with_a_wrong_checksum_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES}, method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"High Street")
    data[place : place + 4] = b"Long"
    path.write_bytes(bytes(data))
    assert_refused(tmp_path, path, KENT, "it is damaged", "CRC")


def test_a_member_with_broken_packing_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    with zipfile.ZipFile(path) as handle:
        info = handle.getinfo(KENT)
    data = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(KENT)
    data[start : start + 20] = b"\xff" * 20
    path.write_bytes(bytes(data))
    assert_refused(tmp_path, path, KENT, "it is damaged")


def test_a_member_that_claims_fewer_bytes_than_it_holds_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    size = len(LINES).to_bytes(4, "little")
    rewrite(path, size, (1000).to_bytes(4, "little"))
    assert_refused(tmp_path, path, KENT, "it is damaged")


def test_a_zip_bomb_is_refused_by_its_unpacked_size(tmp_path):
    bomb = csv(STREET) + b"0" * (unpacking.RATIO_FREE_BYTES + 2 * 1024 * 1024)
    path = archive(tmp_path / "a.zip", GOOD | {KENT: bomb})
    assert_refused(tmp_path, path, KENT, "100 times its compressed size")


def test_a_member_beyond_the_limit_is_refused_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MEMBER_LIMIT_BYTES", 2000)
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    assert_refused(tmp_path, path, KENT, "more than 2,000 bytes")


def test_an_archive_beyond_the_limit_keeps_what_came_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr(open_data, "ARCHIVE_LIMIT_BYTES", 2000)
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    assert_refused(tmp_path, path, KENT, "the archive unpacks to more than")


def test_a_file_cut_short_within_quotes_is_refused(tmp_path):
    cut = csv(STREET, BURGLARY) + b'c2,2021-07,"Kent Po'
    path = archive(tmp_path / "a.zip", GOOD | {KENT: cut})
    assert_refused(tmp_path, path, KENT, "never closed")


def test_a_file_without_a_byte_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: b""})
    assert_refused(tmp_path, path, KENT, "the file is empty")


def test_a_refused_file_is_registered_with_the_reason(tmp_path):
    path = archive(tmp_path / "a.zip", GOOD | {KENT: b""})
    with load_log.warehouse(tmp_path / "w.duckdb") as connection:
        for _ in range(2):
            open_data.load_archives(connection, [path], None)
        rows = connection.execute(
            "select file_name, status, lines_stored, message like '%is empty%'"
            " from raw.loads where status <> 'loaded'"
        ).fetchall()
    assert rows == [(KENT, "rejected", 0, True)]


def test_a_file_that_stops_the_reader_is_refused_alone(tmp_path, monkeypatch):
    def give_up(*arguments, **options):
        raise pa.ArrowInvalid("an invalid state")

    split = csv_reader.arrow_csv.read_csv

    def read_csv(data, *options):
        return (give_up if data.size() > 1000 else split)(data, *options)

    monkeypatch.setattr(csv_reader.arrow_csv, "read_csv", read_csv)
    path = archive(tmp_path / "a.zip", GOOD | {KENT: LINES})
    assert_refused(tmp_path, path, KENT, "be split into records (an invalid state).")


@pytest.mark.parametrize("kind", ["text", "cut short", "absent"])
def test_a_file_that_is_not_an_archive_is_refused_in_one_sentence(tmp_path, kind):
    path = archive(tmp_path / "a.zip", GOOD)
    if kind == "text":
        path.write_bytes(LINES)
    elif kind == "cut short":
        path.write_bytes(path.read_bytes()[:-30])
    else:
        path.unlink()
    said = r"a\.zip: this (is not a folder|archive does not)"
    with pytest.raises(DeliveryError, match=said):
        open_data.describe(path)


def test_an_archive_without_street_files_is_answered_with_what_it_contains(tmp_path):
    members = {f"note{n}.txt": b"" for n in range(4)}
    members |= {"2021-07-essex-stop-and-search.csv": b"", f"../{KENT}": b""}
    path = archive(tmp_path / "a.zip", members)
    expected = r"it contains .*stop-and-search.*note1.* and 1 more"
    with pytest.raises(DeliveryError, match=expected):
        open_data.find_members(path)


def test_members_are_found_under_any_top_folder_and_by_name_alone(tmp_path):
    names = [
        "2021-07-essex-street.csv",
        "all/2021-08/2021-08-avon-and-somerset-outcomes.csv",
        "2021-08/2021-08-north-wales-stop-and-search.csv",
        "2021-13/2021-13-essex-street.csv",
        "2021-08/2021-08-essex-street.csv.bak",
        "2021-08/2021-08-essex-neighbourhood.csv",
    ]
    stamp = datetime(2022, 3, 4, 5, 6, 8)
    path = archive(tmp_path / "a.zip", dict.fromkeys(names, b"12345"), stamp)
    found = open_data.find_members(path)
    assert [(each.force_code, each.month, each.kind) for each in found] == [
        ("essex", "2021-07", "street"),
        ("avon-and-somerset", "2021-08", "outcomes"),
        ("north-wales", "2021-08", "stop-and-search"),
    ]
    assert {(each.size, each.modified) for each in found} == {(5, stamp)}


def test_a_description_names_forces_kinds_months_and_gaps(tmp_path):
    months = {"essex": (1, 2, 3, 4, 5), "kent": (1, 3, 4)}
    members = {
        f"2021-{month:02d}-{force}-street.csv": b""
        for force, held in months.items()
        for month in held
    }
    members |= {"2021-05-essex-outcomes.csv": b"", "old.zip": b""}
    text = open_data.describe(archive(tmp_path / "a.zip", members))
    assert text.splitlines() == [
        "a.zip: forces 2, files 9, months 2021-01 to 2021-05",
        "  essex  street           2021-01 to 2021-05  5 of 5 months",
        "  essex  outcomes         2021-05 to 2021-05  1 of 5 months,"
        " missing: 2021-01 to 2021-04",
        "  kent   street           2021-01 to 2021-04  3 of 5 months,"
        " missing: 2021-02, 2021-05",
        "  refused: old.zip: it is an archive inside the archive. Unpack it and give"
        " it separately.",
    ]


def passed_over(tmp_path: Path, *names: str) -> list[str]:
    path = archive(tmp_path / "a.zip", GOOD | dict.fromkeys(names, b""))
    return archives.passed_over(archives.read_contents(path), {"essex"})


@pytest.mark.parametrize(
    "mark", [" (1)", "(2)", " (12)", " - Copy", " - copy (3)", " - COPY"]
)
def test_a_copys_name_is_passed_over_with_the_name_that_would_be_read(tmp_path, mark):
    copy = f"2021-08/2021-08-essex-street{mark}.csv"
    (said,) = passed_over(tmp_path, copy)
    assert said.startswith(f"a.zip, not read: 1 second copies ({copy}).")
    assert "rename the copy to its name, such as 2021-08-essex-street.csv" in said


def test_stop_and_search_of_the_force_is_passed_over_and_of_others_is_not_named(
    tmp_path,
):
    names = [f"2021-{n:02d}-essex-stop-and-search.csv" for n in range(1, 6)]
    (said,) = passed_over(tmp_path, *names, "2021-07-kent-stop-and-search.csv")
    assert said == (
        "a.zip, not read: 5 stop-and-search files (2021-01-essex-stop-and-search.csv"
        ", 2021-02-essex-stop-and-search.csv, 2021-03-essex-stop-and-search.csv and 2"
        " more). No figure is made from them."
    )


def test_files_of_other_names_are_passed_over_with_examples_fit_to_be_read(tmp_path):
    names = ["README.txt", "2021-07-Essex-street.csv", "notes (1).csv", "2021-13-a.csv"]
    (said,) = passed_over(tmp_path, *names)
    assert "4 files of other names (README.txt, 2021-07-Essex-street.csv," in said
    assert said.isprintable() and "YYYY-MM-<force>-street.csv" in said
    (said,) = passed_over(tmp_path, "red\u202e.txt")
    assert said.isprintable() and "red?.txt" in said


def test_a_force_in_no_list_is_named_with_its_files_and_never_offered(tmp_path):
    mordor = "2021-07/2021-07-mordor-street.csv"
    street = csv(STREET, BURGLARY)
    path = archive(tmp_path / "july.zip", {ESSEX: street, mordor: street})
    contents = archives.read_contents(path)
    chosen = archives.choose([contents], None)
    (said,) = archives.of_no_list(contents, chosen)
    assert mordor in said and ESSEX not in said and "No report shows them" in said
    assert said in open_data.describe(path)
    assert archives.of_no_list(contents, {"essex"}) == []
    with pytest.raises(DeliveryError) as refused:
        archives.choose([contents], ["gwent"])
    assert "those that it has: essex." in str(refused.value)


def test_every_file_of_an_archive_is_read_refused_or_passed_over(tmp_path):
    names = ["2021-07-essex-outcomes.csv", "2021-07-essex-stop-and-search.csv", "a.txt"]
    names += ["2021-07-essex-street (1).csv", "old.zip", "2021-07-essex-street.csv"]
    path = archive(tmp_path / "a.zip", dict.fromkeys(names, b""))
    contents = archives.read_contents(path)
    named = " ".join(archives.passed_over(contents, {"essex"}))
    read = {m.name for m in contents.members if m.kind in ("street", "outcomes")}
    refused = {each.name for each in contents.refusals}
    assert all((n in named) + (n in read) + (n in refused) == 1 for n in names[:-1])
    text = open_data.describe(path)
    assert all(line in text for line in archives.passed_over(contents, {"essex"}))


def test_an_archive_with_nothing_else_in_it_has_nothing_passed_over(tmp_path):
    assert passed_over(tmp_path, "2021-07-essex-outcomes.csv", KENT) == []
