"""A run or publication without disk space reports it, and completes with more space.

test_faults.py does this first in a home whose runs are killed after it.
"""

import os
import resource
from functools import partial
from pathlib import Path

import pytest

from dagster_project.cli.main import KNOWN_FAILURE
from tests.conftest import Result, copied
from tests.disturbed import Force, check_pack, fill, separate_disk


@pytest.mark.soak
@pytest.mark.skipif(os.name != "posix", reason="tmpfs is a file system of Linux")
@pytest.mark.parametrize("part", [8, 2])
def test_a_full_disk_is_reported_and_with_more_room_everything_completes(
    first_build: Result, tmp_path: Path, part: int
) -> None:
    """The next run after it is not disturbed by anything else. A run that fills more
    of the disk stops later.
    """
    with separate_disk(tmp_path) as why_not:
        if why_not:
            pytest.skip(why_not)
        force = Force(copied(first_build, tmp_path).home.root)
        force.deliver()
        fill(force, tmp_path, part)
        force.complete()
        force.complete(force.publish)
        assert len(force.versions()) == 1
        check_pack(force.versions()[0] / "packs" / "essex")


@pytest.mark.slow
def test_no_room_for_a_file_is_reported_and_the_last_version_is_not_changed(
    first_build: Result, tmp_path: Path
) -> None:
    """A limit on the size of files makes the system report that there is no space."""
    with separate_disk(tmp_path) as why_not:
        if not why_not:
            pytest.skip("this user can mount a disk, which test_faults.py fills")
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
