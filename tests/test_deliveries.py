"""Files in a landing folder: which are taken, ignored or refused."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dagster_project.errors import DeliveryError
from dagster_project.intake import deliveries
from dagster_project.intake.reading import readers
from tests.intake_files import Intake, at, contract, csv_of, name, text_of


@pytest.fixture
def intake(tmp_path) -> Iterator[Intake]:
    with closing(Intake(tmp_path)) as opened:
        yield opened


@pytest.fixture
def full(tmp_path) -> Iterator[Intake]:
    with closing(Intake(tmp_path, contract("full"))) as opened:
        yield opened


def test_a_folder_without_extracts_is_reported_with_the_expected_file_name(intake):
    with pytest.raises(DeliveryError, match=r"no file named things_\*.*_YYYYMMDDT"):
        intake.run()


@pytest.mark.parametrize("suffix", [".part", ".filepart", ".crdownload", ".tmp"])
def test_a_file_with_the_name_of_an_unfinished_one_is_left_for_later(intake, suffix):
    intake.put(name(1), text_of("1,red,1"))
    result = intake.take(name(2) + suffix, text_of("2,red,1"))
    assert result.unfinished == [name(2) + suffix]
    assert set(intake.now()) == {"1"}


def test_a_file_that_grows_while_it_is_hashed_is_left_for_the_next_run(
    intake, monkeypatch
):
    intake.put(name(1), text_of("1,red,1"))
    growing = intake.put(name(2), text_of("2,red,1"))
    sha256 = readers.sha256

    def hash_while_it_grows(path):
        found = sha256(path)
        if path == growing:
            path.write_bytes(path.read_bytes() + b"3,red,1\n")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(readers, "sha256", hash_while_it_grows)
        assert intake.run().unfinished == [name(2)]
    assert set(intake.now()) == {"1"}
    intake.run()
    assert set(intake.now()) == {"1", "2", "3"}


@pytest.mark.parametrize("rest", [b"3,red,1\n", b'3,"re'])
def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(
    intake, monkeypatch, rest
):
    growing = intake.put(name(2), text_of("2,red,1"))
    intake.put(name(3), text_of("4,red,1"))
    read = readers.read

    def read_while_it_grows(connection, path, contract, batch):
        if path == growing:
            path.write_bytes(path.read_bytes() + rest)
        return read(connection, path, contract, batch)

    with monkeypatch.context() as patch:
        patch.setattr(readers, "read", read_while_it_grows)
        assert intake.run().unfinished == [name(2)]
    assert set(intake.now()) == {"4"}
    assert "is still being written" in " ".join(intake.said)
    growing.write_bytes(text_of("2,red,1", "3,red,1"))
    intake.run()
    assert set(intake.now()) == {"2", "3", "4"}
    assert [load[:2] for load in intake.loads()] == [
        (name(2), "loaded"),
        (name(3), "loaded"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param((1, 0), id="it has grown within the clock's tick"),
        pytest.param((-1, 0), id="it was cut within the clock's tick"),
        pytest.param((0, 1), id="other bytes of the same length"),
        pytest.param((0, -1), id="another file was moved to its place"),
        pytest.param((-1, 1), id="it is written anew"),
    ],
)
def test_any_change_of_size_or_time_while_a_file_is_read_leaves_it_for_the_next_run(
    intake, monkeypatch, change
):
    growing = intake.put(name(2), text_of("2,red,1"))
    look = deliveries.look

    def looked(path):
        return tuple(map(sum, zip(look(path), change, strict=True)))

    read = readers.read

    def read_while_it_changes(*arguments):
        monkeypatch.setattr(deliveries, "look", looked)
        return read(*arguments)

    monkeypatch.setattr(readers, "read", read_while_it_changes)
    assert intake.run().unfinished == [growing.name]
    assert intake.loads() == []


def test_a_gzip_that_was_only_half_copied_is_taken_once_it_is_complete(intake):
    path = intake.put(name(1, ".csv.gz"), csv_of([("1", "red", "1")] * 1))
    whole = path.read_bytes()
    path.write_bytes(whole[:-6])
    with pytest.raises(DeliveryError, match="damaged"):
        intake.run()
    path.write_bytes(whole)
    intake.run()
    assert intake.now() == {"1": ("red", "1")}


def test_a_file_without_read_permission_is_reported_with_the_remedy(
    intake, unprivileged
):
    with unprivileged(intake.home) as everyone:
        path = intake.put(name(1), text_of("1,red,1"))
        path.chmod(0)
        with everyone(), pytest.raises(DeliveryError) as refused:
            intake.run()
    assert f"{path}: cannot be read (Permission denied)." in str(refused.value)
    assert intake.loads() == []


def test_a_folder_without_read_permission_is_reported_with_the_remedy(
    intake, unprivileged
):
    with unprivileged(intake.home) as everyone:
        intake.put(name(1), text_of("1,red,1"))
        intake.folder.chmod(0)
        with everyone(), pytest.raises(DeliveryError, match=r"things: cannot be read"):
            intake.run()
        intake.folder.chmod(0o755)


@pytest.mark.parametrize(
    "file_name",
    [
        "things_..\\..\\x_20210101T060000.csv",
        "things_*_20210101T060000.csv",
        "things_[1]_20210101T060000.csv",
        "things_'; drop table raw.things; --_20210101T060000.csv",
        "things_\n\x1b[31m_20210101T060000.csv",
        "things_20210101T060000.csv.exe",
        "things_20211341T060000.csv",
        "things_.csv",
    ],
)
def test_a_hostile_file_name_is_refused_and_printed_safely(intake, file_name):
    intake.put(name(1), text_of("1,red,1"))
    with pytest.raises(DeliveryError, match=r"things_") as refused:
        intake.take(file_name, text_of("2,red,1"))
    assert str(refused.value).isprintable()
    assert intake.loads() == []


def test_a_link_out_of_the_landing_folder_is_refused(intake):
    secret = intake.home / "secret.csv"
    secret.write_bytes(text_of("1,red,1"))
    (intake.folder / name(1)).symlink_to(secret)
    with pytest.raises(DeliveryError, match="a link or a folder, not a file"):
        intake.run()


def test_a_folder_with_the_name_of_a_file_is_refused(intake):
    (intake.folder / name(1)).mkdir()
    with pytest.raises(DeliveryError, match="a link or a folder, not a file"):
        intake.run()


def test_a_file_whose_name_fits_no_contract_is_ignored_and_reported(intake):
    intake.put("readme.txt", b"x")
    result = intake.take(name(1), text_of("1,red,1"))
    assert result.ignored == ("readme.txt",)


@pytest.mark.parametrize(
    "file_name",
    [
        "~$things_20210102T060000.xlsx",
        ".~lock.things_20210102T060000.csv#",
        "._things_20210102T060000.csv",
        ".things_20210102T060000.csv.swp",
        "things_20210102T060000.csv~",
        "things_20210102T060000.csv.BAK",
        "Thumbs.db",
        ".DS_Store",
    ],
)
@pytest.mark.parametrize("glob", ["things_*", "*"])
def test_side_files_of_other_programs_are_ignored_and_reported(intake, file_name, glob):
    intake.contract = replace(intake.contract, file_glob=glob)
    intake.put(file_name, text_of("2,blue,2"))
    result = intake.take(name(1), text_of("1,red,1"))
    assert result.temporary == (file_name,)
    assert intake.now() == {"1": ("red", "1")}


@pytest.mark.parametrize(
    "file_name",
    [
        "things_20210101T060000.CSV",
        "things_20210101T060000.Csv",
        "THINGS_20210101T060000.csv",
    ],
)
def test_capital_letters_in_a_name_make_no_difference(intake, file_name):
    intake.take(file_name, text_of("1,red,1"))
    assert intake.now() == {"1": ("red", "1")}


@pytest.mark.parametrize(
    ("suffix", "words"),
    [
        (".ods", "an OpenDocument spreadsheet"),
        (".xlsm", "a workbook with macros"),
        (".xls", "a workbook in Excel's old format"),
        (".XLSB", "a binary workbook"),
        (".zip", "a zip archive"),
        (".csv.zip", "a zip archive"),
        (".json", "JSON"),
    ],
)
def test_a_file_type_that_cannot_be_read_is_refused_with_those_that_can(
    intake, suffix, words
):
    with pytest.raises(DeliveryError) as refused:
        intake.take(name(1, suffix), b"PK")
    sentence = str(refused.value)
    assert words in sentence and name(1, suffix) in sentence
    assert ".csv, .csv.gz, .parquet, .xlsx" in sentence


def test_a_time_later_than_now_is_refused_and_one_of_now_is_not(tmp_path):
    landing, folder = tmp_path, tmp_path / "things"
    folder.mkdir()
    (folder / name(8)).write_bytes(text_of("1,red,1"))
    now = datetime(2021, 1, 8, 6)
    found = deliveries.find_deliveries(landing, contract(), "essex", now=now)
    assert [each.file_name for each in found.deliveries] == [name(8)]
    with pytest.raises(DeliveryError, match=r"later than now \(2021-01-08 05:59:59"):
        deliveries.find_deliveries(
            landing, contract(), "essex", now=now - timedelta(seconds=1)
        )


def test_a_time_is_compared_with_the_clock_of_london(intake):
    later = datetime.now(ZoneInfo("Europe/London")) + timedelta(minutes=2)
    with pytest.raises(DeliveryError, match="later than now"):
        intake.take(at(later), text_of("1,red,1"))
    (intake.folder / at(later)).unlink()
    before = later - timedelta(minutes=4)
    assert not intake.take(at(before), text_of("1,red,1")).held


def test_two_deliveries_with_one_extraction_time_are_refused_together(full):
    full.put("things_north_20210101T060000.csv", text_of("1,red,1"))
    full.put("things_south_20210101T060000.csv", text_of("2,red,1"))
    with pytest.raises(DeliveryError) as refused:
        full.run()
    for part in ("things_north_", "things_south_", "2021-01-01 06:00:00"):
        assert part in str(refused.value)
    assert full.loads() == []


def test_a_second_delivery_with_a_taken_extraction_time_is_refused_and_closes_nothing(
    full,
):
    full.take("things_north_20210101T060000.csv", text_of("1,red,1"))
    with pytest.raises(DeliveryError, match=r"have the same extraction time"):
        full.take("things_south_20210101T060000.csv", text_of("2,red,1"))
    assert set(full.now()) == {"1"}


def test_all_faults_of_file_names_are_reported_together(intake):
    intake.put(name(1), text_of("1,red,1"))
    intake.put("things_today.csv", text_of("1,red,1"))
    intake.put(name(2, ".ods"), b"PK")
    intake.put("things_20991231T000000.csv", text_of("1,red,1"))
    with pytest.raises(DeliveryError, match="3 deliveries are refused") as refused:
        intake.run()
    for part in ("things_today.csv", name(2, ".ods"), "things_20991231T000000.csv"):
        assert part in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", '{"files"', "{}", '{"files": []}'])
def test_a_damaged_mark_of_the_demonstration_is_named_with_the_remedy(intake, text):
    intake.put(name(1), text_of("1,red,1"))
    mark = intake.landing / deliveries.MARK
    mark.write_text(text)
    with pytest.raises(DeliveryError) as refused:
        intake.run()
    assert f"{mark}: this file names the demonstration's files" in str(refused.value)
    assert f"Move the folder {intake.landing} away" in str(refused.value)


def test_another_file_in_the_demonstrations_home_is_refused(intake):
    intake.put(name(1), text_of("1,red,1"))
    (intake.landing / deliveries.MARK).write_text('{"files": {}}')
    with pytest.raises(DeliveryError, match="this home contains the demonstration"):
        intake.run()
    assert intake.loads() == []
