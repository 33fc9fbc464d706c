"""A backup has all that nothing can make again; a home made from it has its figures."""

import fcntl
import zipfile
from pathlib import Path

import pytest

from dagster_project import backups, locks
from dagster_project.intake import landing
from dagster_project.settings import Home
from tests import compiled_run
from tests.conftest import (
    Result,
    copied,
    published_tables,
    run_here,
)

FILES = {
    "landing/crimes/crimes_20210407T060000.csv": "crime_id\nC01\n",
    "landing/accepted.csv": "load_id\n7\n",
    "config/schedules.csv": "schedule_name\n",
    "home.json": '{"force_code": "kent"}\n',
    "audit.jsonl": '{"act": "accept"}\n',
    "publications/2021-22-q2_v1/manifest.json": "{}",
    "reports/2021-22-q2/index.html": "<p>" + "A page. " * 2000,
    "authors_text/2021-22-q2.md": "Our words: é ẃ\n",
}
MADE = ("warehouse.duckdb", "published/warehouse_1.duckdb", "service/passwords")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    for name, text in {**FILES, **dict.fromkeys(MADE, "made")}.items():
        path = made.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (made.landing / "actions").mkdir()
    return made


def backup(home: Home) -> Path:
    archive = home.root.with_name("backup.zip")
    said = run_here("backup", "--data", str(home.root), "--", str(archive))
    assert said.exit_code == 0, said.output
    return archive


def restored(archive: Path, folder: Path) -> tuple[int, str]:
    said = run_here("restore", "--data", str(folder), "--", str(archive))
    return said.exit_code, said.output


def test_a_restored_home_has_every_file_that_nothing_can_make_again(home: Home):
    published = home.publications / "2021-22-q2_v1" / "manifest.json"
    published.chmod(0o444)
    new = home.root.with_name("new")
    assert restored(backup(home), new)[0] == 0
    there = {
        path.relative_to(new).as_posix(): path.read_text(encoding="utf-8")
        for path in new.rglob("*")
        if path.is_file()
    }
    assert there == FILES
    assert (new / "landing" / "actions").is_dir()
    kept = new / published.relative_to(home.root)
    assert kept.stat().st_mode & 0o777 == 0o444
    assert {path.name for path in new.parent.iterdir()} == {"backup.zip", "home", "new"}


def test_a_folder_that_is_linked_into_the_home_is_in_the_backup(home: Home):
    share = home.root.with_name("share")
    (home.landing / "crimes").rename(share)
    (home.landing / "crimes").symlink_to(share)
    with zipfile.ZipFile(backup(home)) as archive:
        assert "landing/crimes/crimes_20210407T060000.csv" in archive.namelist()


def test_a_home_with_files_is_not_overwritten(home: Home):
    archive = backup(home)
    code, said = restored(archive, home.root)
    assert code == 2 and "none is overwritten" in said
    assert (home.root / MADE[0]).read_text() == "made"


def test_a_backup_that_exists_or_would_contain_itself_is_refused(home: Home):
    archive = backup(home)
    for file in (archive, home.landing / "backup.zip"):
        before = file.exists()
        said = run_here("backup", "--data", str(home.root), "--", str(file))
        assert said.exit_code == 2 and f"FILE={file}" in said.output
        assert file.exists() == before


@pytest.mark.parametrize("damage", ["cut short", "one byte", "empty", "not a zip"])
def test_a_damaged_backup_is_named_and_nothing_is_restored(home: Home, damage: str):
    archive = backup(home)
    content = bytearray(archive.read_bytes())
    if damage == "one byte":
        at = content.index(b"authors_text/2021-22-q2.md") + 30
        content[at] ^= 0xFF
    archive.write_bytes(
        {
            "cut short": content[: len(content) // 2],
            "one byte": content,
            "empty": b"",
            "not a zip": b"crime_id\nC01\n",
        }[damage]
    )
    new = home.root.with_name("new")
    code, said = restored(archive, new)
    assert code == 2
    assert f"{archive}: this backup is damaged" in said
    assert {path.name for path in new.parent.iterdir()} == {"backup.zip", "home"}


@pytest.mark.parametrize("name", ["../outside.csv", "/outside.csv", "landing/../../x"])
def test_a_file_that_would_lie_outside_the_home_is_refused(tmp_path: Path, name: str):
    archive = tmp_path / "other.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("landing/crimes.csv", "")
        target.writestr(name, "")
    code, said = restored(archive, tmp_path / "new")
    assert code == 2 and "is not a backup" in said
    assert [path.name for path in tmp_path.iterdir()] == ["other.zip"]


def test_no_run_can_work_in_the_home_while_it_is_copied(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    seen = []
    write = backups.write

    def noted(of: Home, archive: Path) -> int:
        with (of.work / locks.RUNNING).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                seen.append("locked")
        return write(of, archive)

    monkeypatch.setattr(backups, "write", noted)
    backup(home)
    assert seen == ["locked"]


@pytest.mark.ci
def test_every_mart_is_the_same_after_a_restore_and_a_rebuild(
    first_build: Result, tmp_path: Path
):
    home = copied(first_build, tmp_path).home
    new = Home(tmp_path / "new")
    assert restored(backup(home), new.root)[0] == 0
    # The compiled run would give the new home a force and a key that it lacks.
    assert landing.owner(new) == landing.owner(home)
    assert new.key_secret.read_bytes() == home.key_secret.read_bytes()
    made = compiled_run.run(first_build, new.root, "essex")
    assert made.exit_code == 0, made.output
    before, after = published_tables(home.current), published_tables(new.current)
    assert len(before) > 50 and before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == set()
    assert new.publications.is_dir() == home.publications.is_dir()
