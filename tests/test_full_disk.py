"""A run or publication without disk space reports it, and completes with more space."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from dagster_project.cli.main import KNOWN_FAILURE
from tests.conftest import Result, copied
from tests.disturbed import Force, check_pack


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A separate file system, which a test can make smaller."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4g", "strandline", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"only root can mount a disk: {made.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def resize(disk: Path, size: int) -> None:
    command = ["mount", "-o", f"remount,size={size}", str(disk)]
    subprocess.run(command, check=True)


@pytest.mark.skipif(os.name != "posix", reason="tmpfs is a file system of Linux")
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(8, marks=pytest.mark.slow),
        pytest.param(2, marks=pytest.mark.soak),
    ],
)
def test_a_full_disk_is_reported_and_with_more_room_everything_completes(
    first_build: Result, disk: Path, part: int
) -> None:
    """No room, and then room for a part of the work file. A run that fills more of the
    disk repeats this later in the run, so it is left to `make soak`.
    """
    force = Force(copied(first_build, disk).home.root)
    force.deliver()
    least = 16 * 4096
    largest = force.home.warehouse.stat().st_size
    for arguments, room in (
        (force.publish, least),
        (force.arguments, least),
        (force.arguments, largest // part),
    ):
        resize(disk, shutil.disk_usage(disk).used + room)
        process = force.start(arguments=arguments)
        output, _ = process.communicate()
        resize(disk, 4 << 30)
        if process.returncode == 0 and room > least:
            # All new data fitted on the disk.
            break
        assert process.returncode == KNOWN_FAILURE, output
        assert "\nstrandline: " in output and "Traceback" not in output, output
        assert force.published_crimes() == {}
        force.check_the_pack_is_whole()
    force.complete()
    force.complete(force.publish)
    assert len(force.versions()) == 1
    check_pack(force.versions()[0] / "packs" / "essex")


@pytest.mark.slow
def test_no_room_for_a_file_is_reported_and_the_last_version_is_not_changed(
    first_build: Result, tmp_path: Path
) -> None:
    """A limit on the size of files makes the system report that there is no space."""
    force = Force(copied(first_build, tmp_path).home.root)
    good = force.published_crimes()
    force.deliver()
    limit = int(force.home.warehouse.stat().st_size * 0.6)
    process = force.start(
        partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
    )
    output, _ = process.communicate()
    assert process.returncode == KNOWN_FAILURE, output
    assert "\nstrandline: " in output, output
    assert force.published_crimes() == good
    force.check_the_pack_is_whole()
