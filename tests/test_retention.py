"""Dagster's records and dbt's outputs are bounded; schedules follow their file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project import configuration, old_runs, settings
from dagster_project.defs import model, schedules
from dagster_project.defs.clean_up import clean_up
from dagster_project.settings import Home

DAYS = 10
SAID = dg.AssetMaterialization("said", metadata={"words": "many " * 2000})
HEADER = "schedule_name,is_on,time_of_day,weekdays,days_of_month,months"


@dg.asset_check(asset="seen", name="is_there")
def is_there() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True, metadata={"words": "many " * 2000})


@dg.asset
def seen() -> None:
    pass


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2021-22-q2"]))
def pack() -> None:
    pass


def check(instance: dg.DagsterInstance) -> None:
    """A run of an asset and its check."""
    dg.materialize([seen, is_there], instance=instance)


@dg.job
def another() -> None:
    pass


@dg.op
def say(context: dg.OpExecutionContext) -> None:
    context.log_event(SAID)


@dg.job
def talkative() -> None:
    say()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def instance(home: Home) -> Iterator[dg.DagsterInstance]:
    home.dagster.mkdir()
    with dg.DagsterInstance.local_temp(str(home.dagster)) as instance:
        yield instance


def days_from_now(days: int) -> datetime:
    return datetime.now().astimezone() + timedelta(days=days)


def records(home: Home) -> tuple[int, int]:
    """How many files of events and folders of output there are."""
    events = [*(home.dagster / "history" / "runs").glob("*-*.db")]
    return len(events), len([*(home.dagster / "storage").glob("*-*")])


@pytest.mark.ci
def test_runs_of_ten_days_leave_the_last_one_with_its_events_and_messages(
    home: Home, instance: dg.DagsterInstance
):
    for _ in range(DAYS):
        clean_up.execute_in_process(instance=instance)
    another.execute_in_process(instance=instance)
    assert records(home)[0] == DAYS + 1
    last = {run.job_name: run.run_id for run in reversed(instance.get_runs())}
    assert old_runs.delete(instance, home, days_from_now(89)) == 0
    assert old_runs.delete(instance, home, days_from_now(91)) == DAYS - 1
    kept = {run.job_name: run.run_id for run in instance.get_runs()}
    assert kept == last and len(kept) == 2
    assert records(home) == (2, len([*(home.dagster / "storage").glob("*-*")]))
    assert records(home)[1] <= 2


@pytest.mark.ci
def test_the_index_of_events_does_not_grow_if_old_runs_are_deleted(
    home: Home, instance: dg.DagsterInstance
):
    index, sizes = home.dagster / "history" / "runs" / "index.db", []
    for _ in range(2):
        for _ in range(DAYS):
            talkative.execute_in_process(instance=instance)
        sizes.append(index.stat().st_size)
        old_runs.delete(instance, home, days_from_now(91))
    # One run was kept. Without a deletion it would have half as much again.
    assert sizes[1] < 1.15 * sizes[0]


def results(home: Home) -> int:
    """How many results of checks Dagster has."""
    index = home.dagster / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(index)) as connection:
        counted = connection.execute("select count(*) from asset_check_executions")
        return counted.fetchall()[0][0]


@pytest.mark.ci
def test_the_results_of_checks_are_deleted_when_the_first_is_too_old(
    home: Home, instance: dg.DagsterInstance
):
    old_runs.delete(instance, home)
    for _ in range(DAYS):
        check(instance)
    old_runs.delete(instance, home, days_from_now(89))
    assert results(home) == DAYS
    old_runs.delete(instance, home, days_from_now(91))
    assert results(home) == 0
    check(instance)
    old_runs.delete(instance, home)
    assert results(home) == 1


@pytest.mark.ci
def test_the_index_does_not_grow_if_old_results_of_checks_are_deleted(
    home: Home, instance: dg.DagsterInstance
):
    index, sizes = home.dagster / "history" / "runs" / "index.db", []
    old_runs.delete(instance, home)
    for _ in range(2):
        for _ in range(DAYS):
            check(instance)
        sizes.append(index.stat().st_size)
        old_runs.delete(instance, home, days_from_now(91))
    assert sizes[1] < 1.15 * sizes[0]


def test_a_pack_keeps_its_history_when_the_results_of_checks_are_deleted(
    home: Home, instance: dg.DagsterInstance
):
    old_runs.delete(instance, home)
    check(instance)
    dg.materialize([pack], instance=instance, partition_key="2021-22-q2")
    old_runs.delete(instance, home, days_from_now(91))
    # The runs stay: each is the last one of its job.
    assert instance.get_latest_materialization_event(seen.key) is None
    event = instance.get_latest_materialization_event(pack.key)
    assert event.asset_materialization.partition == "2021-22-q2"


def test_the_days_that_a_home_keeps_are_those_of_its_configuration(
    home: Home, instance: dg.DagsterInstance
):
    home.config.mkdir()
    (home.config / "retention.csv").write_text("record,days_kept\nruns,3\n")
    for _ in range(2):
        clean_up.execute_in_process(instance=instance)
    assert old_runs.delete(instance, home, days_from_now(4)) == 1


def test_a_run_that_has_not_ended_is_kept(home: Home, instance: dg.DagsterInstance):
    going = instance.create_run_for_job(another, status=dg.DagsterRunStatus.STARTED)
    another.execute_in_process(instance=instance)
    old_runs.delete(instance, home, days_from_now(365))
    assert instance.get_run_by_id(going.run_id) is not None


def test_the_record_of_schedules_and_sensors_is_kept_for_a_number_of_days():
    text = (settings.REPOSITORY / "dagster_project" / "dagster.yaml").read_text()
    kept = yaml.safe_load(text)["retention"]
    assert kept["schedule"]["purge_after_days"] == 90
    assert set(kept["sensor"]["purge_after_days"]) == {"skipped", "failure", "success"}


def test_what_dbt_wrote_for_earlier_runs_is_deleted(home: Home):
    for number in range(DAYS):
        (home.dbt_target / f"dbt_models-{number}-0" / "run").mkdir(parents=True)
    (home.dbt_target / "manifest.json").write_text("{}")
    model.delete_outputs(home)
    assert [path.name for path in home.dbt_target.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    ("row", "expression"),
    [
        (
            "every_morning,true,07:05,mon tue wed thu fri,,",
            "5 7 * * mon,tue,wed,thu,fri",
        ),
        ("every_morning,true,00:30,,1 15,", "30 0 1,15 * *"),
        ("every_morning,true,23:00,,,1 7", "0 23 * 1,7 *"),
    ],
)
def test_the_time_of_a_schedule_is_its_row(home: Home, row: str, expression: str):
    home.config.mkdir()
    (home.config / "schedules.csv").write_text(f"{HEADER}\n{row}\n")
    assert configuration.mistakes(configs=home.configs) == []
    found = {r["schedule_name"]: r for r in configuration.rows("schedules", home)}
    assert schedules.cron(found["every_morning"]) == expression
    assert schedules.cron(found["after_every_cut_off"]) == "0 8 18 2,5,8,11 *"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("every_morning,true,6:30,,,", "time_of_day"),
        # The hour that one night does not have, and another has twice.
        ("every_morning,true,01:30,,,", "time_of_day"),
        ("every_morning,true,24:00,,,", "time_of_day"),
        ("every_morning,yes,06:30,,,", "is_on"),
        ("every_morning,true,06:30,Monday,,", "weekdays"),
        ("every_morning,true,06:30,,31,", "days_of_month"),
        ("every_morning,true,06:30,,,13", "months"),
        ("every_evening,true,06:30,,,", "schedule_name"),
    ],
)
def test_a_row_that_is_no_time_is_named(home: Home, row: str, column: str):
    home.config.mkdir()
    (home.config / "schedules.csv").write_text(f"{HEADER}\n{row}\n")
    (mistake,) = configuration.mistakes(configs=home.configs)
    assert str(mistake).startswith(f"{home.config / 'schedules.csv'}, row 2")
    assert column in str(mistake)


@pytest.mark.parametrize(
    ("is_service", "is_on", "status"),
    [
        (True, "true", dg.DefaultScheduleStatus.RUNNING),
        (True, "false", dg.DefaultScheduleStatus.STOPPED),
        (False, "true", dg.DefaultScheduleStatus.STOPPED),
    ],
)
def test_a_schedule_is_on_with_make_up_if_its_row_says_so(
    monkeypatch: pytest.MonkeyPatch,
    is_service: bool,
    is_on: str,
    status: dg.DefaultScheduleStatus,
):
    monkeypatch.setattr(settings, "is_service", lambda: is_service)
    assert schedules.default_status({"is_on": is_on}) == status
