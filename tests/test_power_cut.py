"""A power cut during a run that Dagster's server has started."""

import fcntl
import sys

import pytest

from dagster_project import settings
from tests.conftest import Result, copied, records_of
from tests.dagster_server import Server, wait_for

ENDED = ("SUCCESS", "FAILURE", "CANCELED")


def dbt_is_at_work(home: settings.Home) -> bool:
    with (home.work / "dbt.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_after_a_power_cut_the_run_has_failed_and_the_next_one_is_done(
    first_build: Result, tmp_path
) -> None:
    home = copied(first_build, tmp_path).home
    with Server(home) as server:
        cut_off = server.launch("daily")
        wait_for(lambda: dbt_is_at_work(home))
    with records_of(home) as instance:
        assert instance.get_run_by_id(cut_off).status.value == "STARTED"
    with Server(home) as server:
        assert server.status(cut_off) == "FAILURE"
        following = server.launch("daily")
        wait_for(lambda: server.status(following) in ENDED)
        assert server.status(following) == "SUCCESS"
