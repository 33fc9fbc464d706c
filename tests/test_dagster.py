"""What Dagster shows and schedules: every asset can run, every dbt test is a check."""

import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project import dead_runs, locks, runs, settings
from dagster_project.calendar import closed_quarters, quarter_before, quarter_of
from dagster_project.defs import report
from dagster_project.defs.execution import Alone
from dagster_project.defs.ingest import raw_assets
from dagster_project.defs.report import quarters
from dagster_project.defs.warehouse import published
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.releases import store
from dagster_project.transform import manifest
from tests.conftest import copied, records_of, run_dbt
from tests.disturbed import DAILY


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    from dagster_project.definitions import defs

    return defs


def test_every_asset_can_be_materialised(defs):
    graph = defs.resolve_asset_graph()
    phantoms = graph.get_all_asset_keys() - graph.materializable_asset_keys
    assert phantoms == set()


def test_there_is_one_raw_asset_for_each_delivered_extract(defs):
    raw = {
        key.path[1]
        for key in defs.resolve_asset_graph().get_all_asset_keys()
        if key.path[0] == "raw"
    }
    register = {"loads", "unreadable_lines", *store.COPIED}
    assert raw - register == set(landing.extracts_in_order())


def test_every_dbt_test_is_an_asset_check(defs):
    nodes = json.loads(manifest.prepared().read_text(encoding="utf-8"))["nodes"]
    tests = {n["name"] for n in nodes.values() if n["resource_type"] == "test"}
    checks = {key.name for key in defs.resolve_asset_graph().asset_check_keys}
    assert tests - checks == set()


@pytest.mark.slow
def test_the_project_is_parsed_once_for_all_homes(tmp_path):
    home = settings.Home(tmp_path)
    shutil.copytree(manifest.prepared().parent, home.dbt_target)
    ran = run_dbt(home, "--debug", "seed", "--select", "forces")
    assert ran.returncode == 0, ran.stdout
    assert "Nothing changed, skipping partial parsing" in ran.stdout
    assert home.warehouse.exists()


PREPARE = """
import sys
from pathlib import Path
from dagster_project import settings
from dagster_project.transform import manifest
settings.configure(Path(sys.argv[1]))
print(manifest.prepared())
"""
DESCRIBED = "dbt_project/models/marts/_marts__models.yml"


@pytest.mark.slow
def test_a_changed_file_is_parsed_again_whatever_its_time(checkout, tmp_path):
    manifest.prepared()
    changed = checkout / DESCRIBED
    before = changed.stat()
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("One row per ", "A row for each ", 1))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    made = subprocess.run(
        [sys.executable, "-c", PREPARE, str(tmp_path / "home")],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    parsed = Path(made.stdout.strip()).read_text(encoding="utf-8")
    assert "A row for each " in parsed
    assert "A row for each " not in manifest.prepared().read_text(encoding="utf-8")


UNIT_TESTS = "dbt_project/models/marts/_marts__unit_tests.yml"


@pytest.mark.slow
def test_a_unit_test_that_moves_to_another_file_is_not_counted_twice(
    checkout, tmp_path
):
    manifest.prepared()
    old = checkout / UNIT_TESTS
    head, moved = old.read_text(encoding="utf-8").rsplit("\n  - name: ", 1)
    old.write_text(head + "\n", encoding="utf-8")
    new = old.with_name("_moved__unit_tests.yml")
    new.write_text(f"unit_tests:\n  - name: {moved}", encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-c", PREPARE, str(tmp_path / "home")],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    parsed = json.loads(Path(made.stdout.strip()).read_text(encoding="utf-8"))
    name = moved.split("\n", 1)[0]
    places = [t["path"] for t in parsed["unit_tests"].values() if t["name"] == name]
    assert places == ["marts/_moved__unit_tests.yml"]


def test_a_newer_manifest_of_other_code_is_replaced(tmp_path, monkeypatch):
    right = manifest.prepared().read_text(encoding="utf-8")
    home = settings.Home(tmp_path)
    home.dbt_target.mkdir()
    other = home.dbt_target / manifest.MANIFEST
    other.write_text("{}", encoding="utf-8")
    year = 365 * 24 * 3600
    later = other.stat().st_mtime + year
    os.utime(other, (later, later))
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path))
    assert manifest.prepared().read_text(encoding="utf-8") == right


def test_the_identity_of_lines_is_a_check_on_every_raw_asset(defs):
    checked = {
        key.asset_key.path[1]
        for key in defs.resolve_asset_graph().asset_check_keys
        if key.name == "every_line_is_accounted_for"
    }
    assert checked == set(landing.extracts_in_order())


@pytest.mark.slow
def test_a_run_started_by_dagster_waits_for_a_running_command(tmp_path):
    home = settings.Home(tmp_path)
    landing.remember_force(home, "essex")
    with locks.alone(home):
        started = subprocess.Popen(
            [sys.executable, "-c", DAILY, str(tmp_path)],
            cwd=settings.REPOSITORY,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert any("another run is using" in line for line in started.stderr)
        assert not home.warehouse.exists()
        # Dagster sees that the run has started and does not mark it as failed.
        with records_of(home) as instance:
            assert dead_runs.close(instance, home) == []
            assert [run.status.value for run in instance.get_runs()] == ["STARTED"]
    # It goes on, to find that nothing was delivered. test_power_cut.py has one that
    # succeeds.
    said = started.communicate()[1]
    assert started.returncode == 1, said
    assert home.warehouse.exists()
    assert "no file named" in said


def test_what_a_reader_ignores_is_a_warning_of_the_run(tmp_path, monkeypatch):
    settings.configure(tmp_path)
    taken = landing.Taken(noticed=("f.xlsx: sheets with another header",))
    monkeypatch.setattr(landing, "take", lambda *_: taken)
    (actions,) = [asset for asset in raw_assets if asset.key.path[1] == "actions"]
    alone = {"alone": dg.ResourceDefinition.none_resource()}
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.materialize([actions], instance=instance, resources=alone)
        warned = [
            entry.user_message
            for entry in instance.all_logs(run.run_id)
            if entry.level == logging.WARNING
        ]
    assert warned == ["f.xlsx: sheets with another header"]


def test_the_daily_job_makes_everything_but_the_pack(defs):
    graph = defs.resolve_asset_graph()
    daily = defs.resolve_job_def("daily").asset_layer.executable_asset_keys
    assert graph.materializable_asset_keys - set(daily) == {dg.AssetKey("pack")}


def test_the_pack_shows_its_table_of_12_months_in_dagster(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / report.SUMMARY).write_text("a,b\n1|2,3\n", "utf-8")
    assert report.summary(tmp_path) == "| a | b |\n|---|---|\n| 1\\|2 | 3 |"


def test_nothing_is_published_before_every_table_is_made_and_checked(defs):
    # Views are made in the same step as the tables.
    graph = defs.resolve_asset_graph()
    parents = graph.get(dg.AssetKey("published")).parent_keys
    models = json.loads(manifest.prepared().read_text(encoding="utf-8"))["nodes"]
    tables = {
        node["name"]
        for node in models.values()
        if node.get("schema") in ("marts", "reporting")
        and node["config"]["materialized"] != "view"
    }
    assert {name for key in parents for name in key.path} >= tables


def test_publishing_gives_the_pack_a_partition_for_each_quarter_it_can_report(
    tiny, tmp_path, monkeypatch
):
    home = copied(tiny, tmp_path).home
    monkeypatch.setenv(settings.HOME_VARIABLE, str(home.root))
    with dg.DagsterInstance.ephemeral() as instance:
        # As for a delivery that was withdrawn afterwards.
        instance.add_dynamic_partitions(quarters.name, ["2021-22-q2", "2031-32-q1"])
        published_again = dg.materialize(
            [published], instance=instance, resources={"alone": Alone()}
        )
        offered = instance.get_dynamic_partitions(quarters.name)
    assert published_again.success
    (made,) = published_again.asset_materializations_for_node("published")
    (crimes,) = tiny.rows("select count(*) from marts.fct_crimes")[0]
    assert f"| marts.fct_crimes | {crimes} |" in made.metadata["rows_by_table"].value
    reports = tiny.rows("select distinct quarter from reporting.rpt_reports")
    assert sorted(offered) == sorted(quarter for (quarter,) in reports)
    assert "2021-22-q2" in offered
    # The hand-made deliveries end in November 2021.
    assert "2021-22-q3" not in offered


def test_a_server_makes_the_pack_of_a_quarter_that_ended_after_its_start(
    defs, tmp_path
):
    schedule = defs.resolve_schedule_def("after_every_cut_off")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def tick():
            context = dg.build_schedule_context(
                instance=instance,
                repository_def=defs.get_repository_def(),
                scheduled_execution_time=datetime(2041, 11, 18, 8, tzinfo=UTC),
            )
            return schedule.evaluate_tick(context)

        early = tick()
        instance.add_dynamic_partitions(quarters.name, ["2041-42-q1", "2041-42-q2"])
        late = tick()
    assert early.run_requests == []
    assert "cannot report 2041-42-q2" in early.skip_message
    assert [request.partition_key for request in late.run_requests] == ["2041-42-q2"]


def test_the_daily_job_is_scheduled_every_morning_in_london(defs):
    schedule = defs.resolve_schedule_def("every_morning")
    assert schedule.job_name == "daily"
    assert (schedule.cron_schedule, schedule.execution_timezone) == (
        "30 6 * * *",
        "Europe/London",
    )


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2021, 9, 30), "2021-22-q2"),
        (date(2021, 10, 1), "2021-22-q3"),
        (date(2022, 1, 1), "2021-22-q4"),
        (date(2000, 3, 31), "1999-00-q4"),
    ],
)
def test_a_day_is_in_its_quarter_of_the_police_year(day, quarter):
    assert quarter_of(day) == quarter


@given(st.dates(min_value=date(2012, 1, 1), max_value=date(2098, 12, 31)))
def test_closed_quarters_run_without_a_gap_up_to_the_one_before_today(today):
    quarters = closed_quarters(today)
    assert quarters[0] == "2011-12-q1"
    assert quarters[-1] == quarter_before(quarter_of(today))
    for earlier, later in itertools.pairwise(quarters):
        assert quarter_before(later) == earlier


def test_the_calendar_in_python_names_quarters_as_sql_does(tiny):
    named = tiny.rows("select date_day, quarter from marts.dim_dates")
    assert all(quarter_of(day) == quarter for day, quarter in named)


def test_each_home_keeps_its_own_files():
    home = settings.home()
    for place in (home.landing, home.warehouse, home.published, home.dbt_target):
        assert place.is_relative_to(home.root)


@pytest.mark.parametrize("damage", ["cut short", "overwritten"])
def test_damaged_records_of_earlier_runs_are_reported_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
):
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home().dagster))
    runs.close_dead()
    record = settings.home().dagster / "history" / "runs.db"
    if damage == "cut short":
        os.truncate(record, record.stat().st_size // 2)
    else:
        record.write_bytes(b"not a database")
    with pytest.raises(DeliveryError, match="Move this folder away and run again"):
        runs.close_dead()
