"""Who may read the files that Strandline writes."""

import os
import stat

import pytest

from dagster_project import settings

OTHERS = 0o027
# Put there by whoever delivers and configures, with rights of their own.
NOT_OURS = ("landing", "config")


def _written(home: settings.Home) -> dict[str, int]:
    """Every file and folder that a run leaves in a home, with its mode."""
    return {
        path.relative_to(home.root).as_posix(): stat.S_IMODE(path.lstat().st_mode)
        for path in home.root.rglob("*")
        if not path.is_symlink()
        and path.relative_to(home.root).parts[0] not in NOT_OURS
    }


def test_a_run_leaves_no_file_that_others_may_read_or_the_group_may_write(first_build):
    modes = _written(first_build.home)
    assert len(modes) > 50
    assert {name: oct(mode) for name, mode in modes.items() if mode & OTHERS} == {}


def test_the_group_may_read_what_is_published(first_build):
    mode = first_build.home.current.resolve().stat().st_mode
    assert stat.S_IMODE(mode) == 0o440
    assert stat.S_IMODE(first_build.home.published.stat().st_mode) == 0o750


@pytest.mark.parametrize("before", [0o000, 0o022, 0o002])
def test_configuring_a_process_closes_its_files_to_others(before, tmp_path):
    found = os.umask(before)
    try:
        settings.configure(settings.home().root)
        (tmp_path / "file").touch()
        (tmp_path / "folder").mkdir()
    finally:
        os.umask(found)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750
