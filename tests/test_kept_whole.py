"""Publications are complete or absent after kills, full disks and changes by hand."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings, stores
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.releases import freeze, store, verification
from dagster_project.releases.store import database, folder_of
from dagster_project.settings import Home
from tests import open_data_files
from tests.conftest import QUARTER, Result, copied, tree
from tests.disturbed import resize, separate_disk


@pytest.fixture
def home(first_build: Result, tmp_path: Path) -> Home:
    """A home with a pack that nobody has published."""
    return copied(first_build, tmp_path).home


@pytest.fixture(scope="module")
def published_once(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    made = copied(first_build, tmp_path_factory.mktemp("published_once"))
    assert freeze.publish(made.home, QUARTER) == 1
    return made


@pytest.fixture
def given_out(published_once: Result, tmp_path: Path) -> Home:
    """A home with one publication."""
    return copied(published_once, tmp_path).home


def known(home: Home) -> list[tuple[str, int, int]]:
    """Return what dbt reads: quarter, version, and the number of figures."""
    with duckdb.connect() as warehouse:
        warehouse.execute("create schema raw")
        store.copy_to(warehouse, home)
        return warehouse.execute(
            "select quarter, version, count(*) from raw.publications"
            " join raw.publication_figures using (quarter, version)"
            " group by all order by all"
        ).fetchall()


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Callable[[int], None]]:
    """Mount a disk of a given size in bytes; yield a function that changes its size."""
    folder.mkdir(parents=True, exist_ok=True)
    with separate_disk(folder) as why_not:
        if why_not:
            pytest.skip(why_not)
        resize(folder, size)
        yield partial(resize, folder)


@pytest.mark.ci
@pytest.mark.parametrize(
    ("spread", "last"), [(1, 3), pytest.param(4, 9, marks=pytest.mark.soak)]
)
def test_a_publish_that_is_killed_at_any_step_leaves_all_of_it_or_nothing(
    home: Home, spread: int, last: int
):
    steps = [str(spread), str(last)]
    finished = subprocess.run(
        [sys.executable, "-m", "tests.kept_whole", str(home.root), QUARTER, *steps],
        cwd=settings.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    tried = [json.loads(line) for line in finished.stdout.splitlines()]
    assert len(tried) == spread + last
    outcomes = set()
    for step, died, left, again, after, whole in tried:
        assert died is None, step
        assert left["logs"] == [] and not any(left["changed"]), (step, left)
        # The publication is complete, or it can be published now.
        if left["rows"]:
            assert "the pack is older than a publication" in again, (step, again)
        else:
            assert again == 1, (step, again)
        assert after == whole, step
        outcomes.add(bool(left["rows"]))
    assert outcomes == {True, False}


def change_the_page(home: Home) -> None:
    page = home.output / QUARTER / "annex.html"
    page.write_text(page.read_text("utf-8") + "999", encoding="utf-8")


def remove_a_table(home: Home) -> None:
    (home.output / QUARTER / "tables" / "rolling_12_months.csv").unlink()


def write_a_recommendation(home: Home) -> None:
    (text,) = home.root.glob(f"authors_text/{QUARTER}.md")
    text.write_text(text.read_text("utf-8") + "\nWe recommend.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_the_page, "since the pack was written: annex.html. Run make report"),
        (remove_a_table, "was written: tables/rolling_12_months.csv. Run make report"),
        (write_a_recommendation, "written with other text than is in "),
    ],
)
def test_a_pack_that_is_not_as_it_was_written_is_not_published(
    home: Home, change: Callable[[Home], None], said: str
):
    change(home)
    with pytest.raises(DeliveryError) as told:
        freeze.publish(home, QUARTER)
    assert said in str(told.value)
    assert not home.publications.exists() or not any(home.publications.glob("*/v*"))


def test_a_pack_whose_word_draft_was_edited_is_published_with_it(home: Home):
    (home.output / QUARTER / "report.docx").write_bytes(b"edited")
    assert freeze.publish(home, QUARTER) == 1
    frozen = folder_of(home, QUARTER, 1) / "packs" / "essex" / "report.docx"
    assert frozen.read_bytes() == b"edited"


def test_a_disk_that_fills_during_publish_leaves_nothing_and_is_told_in_a_sentence(
    home: Home,
):
    needed = sum(path.stat().st_size for path in home.output.rglob("*"))
    with mounted(home.publications, needed) as resize:
        for share in (0.01, 0.1, 0.5, 1):
            resize(max(int(needed * share), 8192))
            with pytest.raises(DeliveryError, match="was not published") as told:
                freeze.publish(home, QUARTER)
            assert "No space left on device" in str(told.value)
            assert "Make room on that disk" in str(told.value)
            assert [
                path for path in home.publications.rglob("*") if path.is_file()
            ] == []
            assert known(home) == []
        resize(needed * 20)
        assert freeze.publish(home, QUARTER) == 1
        assert [row[:2] for row in known(home)] == [(QUARTER, 1)]
        assert verification.changed(home, QUARTER, 1) == []


def test_a_disk_that_fills_while_the_store_is_written_again_leaves_the_one_that_was(
    given_out: Home, tmp_path: Path
):
    there = database(given_out)
    small = Home(tmp_path / "small")
    with mounted(small.root, 64_000_000) as resize:
        shutil.copytree(given_out.publications, small.publications)
        # The store lacks the publication, so it must be written again.
        shutil.copy(folder_of(given_out, QUARTER, 1) / there.name, database(small))
        before = database(small).read_bytes()
        used = shutil.disk_usage(small.root).used
        resize(used + 100_000)
        with pytest.raises(DeliveryError, match="Make room on that disk"):
            known(small)
        assert database(small).read_bytes() == before
        resize(64_000_000)
        assert known(small) == known(given_out)


def test_a_store_that_finds_no_room_says_so_however_little_is_missing(
    given_out: Home, tmp_path: Path
):
    """DuckDB reports no error if it cannot write while it closes a file."""
    expected = known(given_out)
    outcomes = set()
    with mounted(tmp_path / "small", 64_000_000) as resize:
        target = tmp_path / "small" / "store.duckdb"
        for size in range(200_000, 4_000_000, 200_000):
            resize(size)
            try:
                store.write(target, [database(given_out)])
            except duckdb.Error:
                outcomes.add("no room")
            else:
                outcomes.add("written")
                assert not stores.wal(target).exists(), size
                with duckdb.connect(str(target), read_only=True) as reader:
                    rows = reader.execute("select count(*) from publication_figures")
                    assert rows.fetchall() == [(expected[0][2],)], size
            for left in (target, stores.wal(target)):
                left.unlink(missing_ok=True)
    assert outcomes == {"no room", "written"}


@pytest.mark.parametrize(
    "contents", [b"", b"no database", None], ids=["empty", "other", "no tables"]
)
def test_a_store_that_nothing_was_written_to_does_not_stop_the_home(
    home: Home, contents: bytes | None
):
    """A full disk may leave a store like this if it was being created."""
    home.publications.mkdir()
    if contents is None:
        duckdb.connect(str(database(home))).close()
    else:
        database(home).write_bytes(contents)
    assert known(home) == []
    assert freeze.publish(home, QUARTER) == 1
    assert [row[:2] for row in known(home)] == [(QUARTER, 1)]


@pytest.mark.parametrize("loss", ["cut off", "gone", "a publication less"])
def test_a_damaged_store_is_made_again_from_the_folders(given_out: Home, loss: str):
    before = known(given_out)
    there = database(given_out)
    if loss == "cut off":
        os.truncate(there, there.stat().st_size // 2)
    else:
        there.unlink()
    if loss == "a publication less":
        shutil.copy(folder_of(given_out, QUARTER, 1) / there.name, there)
    assert known(given_out) == before
    assert verification.changed(given_out, QUARTER, 1) == []


def test_a_damaged_store_whose_publications_are_in_no_other_file_is_left_as_it_is(
    given_out: Home,
):
    """Older versions of this program kept no separate record of a publication."""
    (folder_of(given_out, QUARTER, 1) / store.RECORD).unlink()
    there = database(given_out)
    os.truncate(there, there.stat().st_size // 2)
    damaged = there.read_bytes()
    with pytest.raises(
        DeliveryError, match=f"no other file has the figures of {QUARTER}/v1"
    ) as told:
        known(given_out)
    assert "Put the file back from a backup" in str(told.value)
    assert there.read_bytes() == damaged
    assert not there.with_name(there.name + ".partial").exists()


def test_a_store_that_another_program_has_open_is_not_reported_as_damaged(
    given_out: Home,
):
    there = database(given_out)
    script = (
        "import duckdb, sys; writer = duckdb.connect(sys.argv[1]);"
        "print('open', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(there)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(DeliveryError, match="Close the program that has them open"):
            known(given_out)
        other.communicate("\n")
    assert [row[:2] for row in known(given_out)] == [(QUARTER, 1)]


def test_what_was_written_to_a_store_but_not_into_its_file_yet_is_kept(given_out: Home):
    """Older versions of this program changed the store in place."""
    there = database(given_out)
    script = (
        "import duckdb, os, sys; writer = duckdb.connect(sys.argv[1]);"
        "writer.execute(\"insert into publications select '2020-21-q4' as quarter,"
        ' * exclude (quarter) from publications");'
        "os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(there)], check=False)
    assert there.with_name(there.name + ".wal").exists()
    (folder_of(given_out, QUARTER, 1)).rename(folder_of(given_out, QUARTER, 2))
    store.ready(given_out)
    with duckdb.connect(str(there), read_only=True) as reader:
        found = reader.execute("select quarter from publications order by all")
        assert found.fetchall() == [("2020-21-q4",), (QUARTER,)]


def test_a_folder_of_a_publication_that_the_store_does_not_know_is_never_removed(
    given_out: Home,
):
    """The store was restored from a backup, and older versions kept no separate
    record.
    """
    folder = folder_of(given_out, QUARTER, 1)
    (folder / store.RECORD).unlink()
    there = database(given_out)
    with duckdb.connect(str(there)) as opened:
        for table in store.COLUMNS:
            opened.execute(f"delete from {table}")
    before = tree(folder)
    assert freeze.publish(given_out, QUARTER) == 2
    assert tree(folder) == before


def test_overwriting_delivered_files_in_place_changes_no_publication(given_out: Home):
    frozen = folder_of(given_out, QUARTER, 1) / "landing"
    kept = [path for path in frozen.rglob("*") if path.is_file()]
    assert {path.relative_to(frozen) for path in kept} == {
        path.relative_to(given_out.landing)
        for path in given_out.landing.rglob("*")
        if path.is_file()
    }
    for path in kept:
        assert path.stat().st_mode & 0o777 == 0o440
        delivered = given_out.landing / path.relative_to(frozen)
        # Change the file itself, and do not replace it.
        with delivered.open("r+b") as file:
            file.write(b"overwritten")
    for path in given_out.output.rglob("*"):
        if path.is_file():
            path.write_bytes(b"overwritten")
    assert verification.changed(given_out, QUARTER, 1) == []


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("landing/crimes/crimes_20211117T060000.csv", b"changed"),
        ("packs/essex/report.xlsx", None),
        ("landing/crimes/crimes_20211118T060000.csv", b"added"),
        ("publications.duckdb", b"changed"),
        ("publication.duckdb", b"changed"),
        ("publication.duckdb", None),
    ],
)
def test_a_frozen_file_that_was_changed_is_named_and_nothing_is_made_of_it(
    given_out: Home, name: str, contents: bytes | None
):
    path = folder_of(given_out, QUARTER, 1) / name
    path.unlink(missing_ok=True)
    if contents is not None:
        path.write_bytes(contents)
    found = verification.verify(given_out, QUARTER, pytest.fail)
    assert not found.is_verified
    assert found.lines[-1] == f"    {name}"
    assert "files were changed, removed or added since" in found.lines[0]


def test_a_record_of_a_publication_that_holds_other_figures_is_named(given_out: Home):
    record = folder_of(given_out, QUARTER, 1) / store.RECORD
    record.chmod(0o644)
    with duckdb.connect(str(record)) as connection:
        connection.execute("update publication_figures set value = value + 1")
    assert verification.changed(given_out, QUARTER, 1) == [record.name]


def test_a_damaged_published_file_stops_publish_with_a_sentence(home: Home):
    version = home.current.resolve()
    version.chmod(0o644)
    os.truncate(version, version.stat().st_size // 2)
    with pytest.raises(DeliveryError, match="The next daily run replaces it") as told:
        freeze.publish(home, QUARTER)
    assert str(told.value).startswith(f"{home.current}: this file is damaged")
    assert not home.publications.exists()


def test_a_damaged_store_stops_verify_with_a_sentence_and_is_not_written_to(
    given_out: Home,
):
    there = database(given_out)
    os.truncate(there, there.stat().st_size // 2)
    damaged = there.read_bytes()
    with pytest.raises(DeliveryError, match="The next run makes it again") as told:
        verification.verify(given_out, QUARTER, pytest.fail)
    assert str(told.value).startswith(f"{there}: this file is damaged")
    assert there.read_bytes() == damaged


def test_a_publication_of_an_earlier_version_is_verified_by_what_it_wrote_down(
    given_out: Home,
):
    """Older versions stored only the hashes of the pack's files, and no record."""
    there = database(given_out)
    with duckdb.connect(str(there)) as opened:
        opened.execute("drop table publication_frozen_files")
    folder = folder_of(given_out, QUARTER, 1)
    (folder / store.RECORD).unlink()
    assert verification.changed(given_out, QUARTER, 1) == []
    page = folder / "packs" / "essex" / "annex.html"
    page.unlink()
    page.write_text("changed", encoding="utf-8")
    assert verification.changed(given_out, QUARTER, 1) == ["packs/essex/annex.html"]


def archive_in(folder: Path) -> Path:
    """Return an archive of one month, as a folder."""
    month = folder / "2021-09"
    month.mkdir(parents=True)
    name = "2021-09-northumbria-street.csv"
    (month / name).write_text(open_data_files.STREET + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("is_folder", [True, False])
def test_an_archive_in_a_home_is_a_copy_that_nothing_outside_can_change(
    tmp_path: Path, is_folder: bool
):
    home, given = Home(tmp_path / "home"), archive_in(tmp_path / "given")
    if not is_folder:
        given = Path(shutil.make_archive(str(tmp_path / "given"), "zip", given))
    landing.remember_force(home, "northumbria")
    landing.deliver_archive(home, given)
    taken = home.landing / landing.OPEN_DATA / given.name
    files = [taken] if taken.is_file() else [p for p in taken.rglob("*") if p.is_file()]
    before = [(path.read_bytes(), path.stat().st_mtime) for path in files]
    for path in [given] if given.is_file() else given.rglob("*.csv"):
        with path.open("r+b") as file:
            file.write(b"overwritten")
    assert [(path.read_bytes(), path.stat().st_mtime) for path in files] == before


def test_a_link_within_an_archives_folder_is_not_copied_and_its_file_not_touched(
    tmp_path: Path,
):
    home, given = Home(tmp_path / "home"), archive_in(tmp_path / "given")
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    outside.chmod(0o644)
    (given / "2021-09" / "notes.txt").symlink_to(outside)
    (given / "2021-09" / "nowhere.txt").symlink_to(tmp_path / "nowhere")
    landing.remember_force(home, "northumbria")
    landing.deliver_archive(home, given)
    taken = home.landing / landing.OPEN_DATA / given.name
    stores.freeze(taken)
    assert outside.stat().st_mode & 0o777 == 0o644
    assert [path for path in taken.rglob("*") if path.is_symlink()] == []


@pytest.mark.parametrize("text", ["", '{"force_code":', "[]", "{}"])
def test_a_home_whose_force_cannot_be_read_says_so_and_how_to_mend_it(
    tmp_path: Path, text: str
):
    home = Home(tmp_path)
    (tmp_path / landing.HOME_FILE).write_text(text)
    with pytest.raises(DeliveryError, match="this file does not say whose"):
        landing.force_of(home)
    with pytest.raises(DeliveryError, match="Remove it, and name the force again"):
        landing.remember_force(home, "essex")


@pytest.mark.parametrize("code", ['"esex"', "null", "5", '["essex"]', '"unknown"'])
def test_a_home_of_a_force_that_does_not_exist_says_so_and_how_to_mend_it(
    tmp_path: Path, code: str
):
    marker = tmp_path / landing.HOME_FILE
    marker.write_text(f'{{"force_code": {code}}}')
    with pytest.raises(DeliveryError) as refused:
        landing.force_of(Home(tmp_path))
    said = f"{marker}: this file does not say whose data the home holds: its force_code"
    assert f"{said} ({code}) is not the code of a force. Remove" in str(refused.value)


def test_the_force_of_a_home_is_written_once_and_beside_its_place(tmp_path: Path):
    home = Home(tmp_path)
    landing.remember_force(home, "essex")
    before = tree(tmp_path)
    landing.remember_force(home, "essex")
    assert tree(tmp_path) == before


def test_an_archive_that_finds_no_room_is_not_in_the_home(tmp_path: Path):
    given = archive_in(tmp_path / "given")
    (given / "2021-09" / "2021-09-northumbria-outcomes.csv").write_bytes(b"x" * 999_999)
    home = Home(tmp_path / "home")
    with (
        mounted(home.root, 500_000),
        pytest.raises(OSError, match="No space left on device"),
    ):
        landing.remember_force(home, "northumbria")
        before = tree(home.root)
        try:
            landing.deliver_archive(home, given)
        finally:
            assert landing.archives(home) == []
            left = [Path(path) for path in tree(home.root).keys() - before.keys()]
            assert [path for path in left if path.is_file()] == []


def test_a_copy_of_a_read_only_folder_can_be_written_and_moved(tmp_path: Path):
    """A home that this user may only read is verified in a separate folder."""
    tables = tmp_path / "packs" / "tables"
    tables.mkdir(parents=True)
    (tables / "hate_motivations.csv").write_text("category\n", encoding="utf-8")
    (tables / "link.csv").symlink_to(tables / "hate_motivations.csv")
    for path in (tables / "hate_motivations.csv", tables, tables.parent):
        path.chmod(0o444 if path.is_file() else 0o555)
    stores.copy_whole(tables.parent, tmp_path / "again" / "packs")
    taken = tmp_path / "again" / "packs"
    found = {path.name: path.stat().st_mode & 0o200 for path in taken.rglob("*")}
    assert found.keys() == {"tables", "hate_motivations.csv"}
    assert all(found.values()) and taken.stat().st_mode & 0o200
    for path in (tables, tables.parent):
        path.chmod(0o755)


def test_a_copy_is_complete_if_the_kernel_cannot_copy(tmp_path: Path, monkeypatch):
    def no_kernel(*_: object) -> int:
        raise OSError("not supported between these file systems")

    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(100_000))
    monkeypatch.setattr(os, "copy_file_range", no_kernel)
    stores.copy(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mtime_ns == source.stat().st_mtime_ns


def test_a_publication_says_whether_a_delivered_file_is_gone_or_changed(tmp_path):
    source = tmp_path / "crimes_20210707T060000.csv"
    with pytest.raises(DeliveryError, match="this file is no longer there"):
        freeze._copy_delivered(source, tmp_path / "copy.csv", "of another")
    source.write_text("crime_id\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="this is not the file that the figures"):
        freeze._copy_delivered(source, tmp_path / "copy.csv", "of another")
