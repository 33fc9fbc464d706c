"""Models that are built incrementally equal the same models in a full build."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from dagster_project import settings, stores, versions
from dagster_project.intake import extracts, load_log
from dagster_project.intake.contracts import load_contract
from dagster_project.settings import Home
from dagster_project.transform import builds
from dagster_project.warehouse import restricted
from dagster_project.warehouse.projection import ADDED_TO
from dagster_project.warehouse.snapshot import publish
from tests import messy_exports as messy
from tests.built_models import delivered, file_name
from tests.conftest import Result

pytestmark = pytest.mark.slow

# In order of building; all but fct_quarantined_lines are incremental.
MODELS = {
    "int_held_lines": "intermediate",
    "int_accepted_crimes": "intermediate",
    "int_unknown_values": "intermediate",
    "fct_mapped_lines": "marts",
    "fct_quarantined_lines": "marts",
    "fct_crimes": "marts",
    "fct_past_crime_versions": "marts",
    "fct_crime_measures": "marts",
}
INCREMENTAL = [name for name in MODELS if name != "fct_quarantined_lines"]
# The export has the contract's columns, so that each line is read by a mapping.
MAPPING = "columns: {crime_id: crime_id}"
LAST_LOAD = "(select max(load_id) from raw.loads where status = 'loaded')"
AS_IF_WHOLE = {name: [] for name in MODELS}
CHANGES = (
    {},
    {"offence_code": "34B", "keywords": "Knife"},
    {"is_hate_crime": "Y"},
    {"crime_status": "Cancelled"},
    {"offence_code": "999X"},
)
lines = st.tuples(st.sampled_from(["K1", "K2", "K3", "K4"]), st.sampled_from(CHANGES))
# A file of a day, which may be there already; the models that somebody asks dbt for
# then (all if none is named; some are refused); and whether the home is published.
steps = st.tuples(
    st.integers(1, 9),
    st.lists(lines, min_size=1, max_size=4),
    st.sampled_from([(), (), (), *[(name,) for name in INCREMENTAL]]),
    st.booleans(),
)


@dataclass(frozen=True)
class Built:
    """A home whose crimes are delivered and built within this process.

    Args:
        whole: each model as dbt compiled it for a full build.
        parsed: the project, which dbt would otherwise read again for each command.
    """

    home: Home
    whole: dict[str, str] = field(repr=False)
    parsed: Manifest = field(repr=False)

    @property
    def landing(self) -> Path:
        return self.home.root / "landing_of_test"

    def empty(self) -> None:
        shutil.rmtree(self.landing, ignore_errors=True)
        (self.landing / "crimes").mkdir(parents=True)
        messy.write(self.home.root, "crimes.yml", MAPPING)
        with load_log.warehouse(self.home.warehouse) as connection:
            connection.execute("delete from raw.crimes")
            connection.execute("delete from raw.loads where extract = 'crimes'")

    def deliver(self, day: int, *changes: dict[str, str]) -> None:
        path = self.landing / "crimes" / file_name("crimes", day)
        path.write_bytes(delivered("crimes", *changes))
        with load_log.warehouse(self.home.warehouse) as connection:
            contract = load_contract("crimes", self.home)
            extracts.ingest(
                connection, self.landing, contract, "essex", lambda line: None
            )

    def dbt_run(self, *arguments: str) -> str | None:
        """Run dbt as a person would; return its error if it refuses."""
        ran = dbtRunner(self.parsed).invoke(
            ["--quiet", "run", "--no-write-json", *arguments]
        )
        DuckDBConnectionManager.close_all_connections()
        failed = [each.message for each in ran.result or [] if each.status == "error"]
        assert not failed, failed
        return None if ran.success else str(ran.exception)

    def build(self) -> None:
        """Build as the daily run does: in full only if necessary."""
        with load_log.warehouse(self.home.warehouse) as connection:
            reason = builds.begin(connection, versions.build_sha256())
        options = ["--full-refresh"] if reason.full_refresh_reason else []
        assert self.dbt_run("--select", *MODELS, *options) is None

    def has_all_views(self) -> None:
        """Say so as in a finished home: dbt makes no view of the layout again."""
        self.rows(f"update {builds.BUILDS} set has_all_seeds_and_views = true")

    def rows(self, sql: str) -> list[tuple]:
        with load_log.warehouse(self.home.warehouse) as connection:
            return connection.execute(sql).fetchall()

    def build_id(self) -> str:
        """Return the build id, which changes if the models are built in full."""
        return str(self.rows(f"select build_id from {builds.BUILDS}")[0][0])

    def different(self) -> dict[str, list[tuple]]:
        """Return rows of one database that the other does not have, with the table's
        name.
        """
        found = {}
        with load_log.warehouse(self.home.warehouse) as connection:
            for name, sql in self.whole.items():
                table = f"{MODELS[name]}.{name}"
                # A contract may have the columns in a different order from the query.
                described = connection.execute(f"describe {table}").fetchall()
                columns = ", ".join(column for column, *_ in described)
                found[name] = connection.execute(
                    f"with whole as (select {columns} from ({sql}))"
                    f" (from {table} except all from whole)"
                    f" union all (from whole except all from {table})"
                ).fetchall()
        return found

    def published_differently(self) -> list[tuple]:
        """Return the rows of marts that are added to that differ from the work file."""
        with duckdb.connect(config=stores.SETTINGS) as connection:
            connection.execute(f"attach '{self.home.warehouse}' as work (read_only)")
            connection.execute(f"attach '{self.home.current}' as public (read_only)")
            assert restricted.attach(self.home, connection)
            connection.execute("create schema marts")
            for name in ADDED_TO:
                described = connection.execute(f"describe work.{name}").fetchall()
                columns = ", ".join(column for column, *_ in described)
                connection.execute(
                    f"create view {name} as with with_ids as ("
                    " select record_id as crime_id, published.*"
                    f" from public.{name} as published"
                    " inner join restricted.keys on crime_key = record_key)"
                    f" select {columns} from with_ids"
                )
            return different(connection, "work", "memory", list(ADDED_TO))


def different(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, tables: list[str]
) -> list[tuple]:
    """Rows of one database that the other has not, with the table's name."""
    return [
        (table, *row)
        for table in tables
        for row in connection.execute(
            f"(from {one}.{table} except all from {other}.{table})"
            f" union all (from {other}.{table} except all from {one}.{table})"
        ).fetchall()
    ]


@pytest.fixture(scope="module")
def built(
    first_build: Result, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    home = Home(tmp_path_factory.mktemp("incremental"))
    shutil.copy(first_build.home.warehouse, home.warehouse)
    shutil.copytree(first_build.home.dbt_target, home.dbt_target)
    compiled = {
        path.stem: path.read_text("utf-8")
        for path in first_build.home.dbt_target.rglob("*.sql")
        if "compiled" in path.parts and path.stem in MODELS
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(settings.HOME_VARIABLE, str(home.root))
        patch.setenv("DBT_TARGET_PATH", str(home.dbt_target))
        patch.setenv("DBT_LOG_PATH", str(home.dbt_target / "logs"))
        patch.setenv("DBT_PROJECT_DIR", str(settings.DBT_PROJECT))
        patch.setenv("DBT_PROFILES_DIR", str(settings.DBT_PROJECT))
        parsed = dbtRunner().invoke(["--quiet", "parse", "--no-write-json"]).result
        yield Built(home, {name: compiled[name] for name in MODELS}, parsed)


# Every build is compared, so a few long pasts say as much as many short ones.
@example_settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(past=st.lists(steps, min_size=3, max_size=4))
def test_after_any_deliveries_and_builds_every_row_equals_a_full_build(built, past):
    built.empty()
    is_built = False
    for day, changed, models, is_published in past:
        built.deliver(day, *({"crime_id": key} | change for key, change in changed))
        is_built = not models
        if models:
            built.dbt_run("--select", *models)
            continue
        built.build()
        assert built.different() == AS_IF_WHOLE
        built.has_all_views()
        if is_published:
            publish(built.home)
            assert built.published_differently() == []
    if not is_built:
        built.build()
        assert built.different() == AS_IF_WHOLE
    publish(built.home)
    assert built.published_differently() == []


@dataclass(frozen=True)
class Kept:
    """What tests put back: a home's work file and deliveries at one moment."""

    folder: Path

    def keep(self, built: Built) -> None:
        shutil.copy(built.home.warehouse, self.folder)
        shutil.copytree(built.landing, self.folder / built.landing.name)

    def put_back(self, built: Built) -> Built:
        built.empty()
        shutil.copy(self.folder / built.home.warehouse.name, built.home.warehouse)
        shutil.copytree(
            self.folder / built.landing.name, built.landing, dirs_exist_ok=True
        )
        return built


@pytest.fixture(scope="module")
def moments(built: Built, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, ...]:
    """A home with a day that is built and another that is not; and with both built."""
    second, both = (Kept(tmp_path_factory.mktemp("kept")) for _ in range(2))
    built.empty()
    built.deliver(1, {"crime_id": "K1"}, {"crime_id": "K2"})
    built.build()
    built.deliver(3, {"crime_id": "K2", "is_hate_crime": "Y"}, {"crime_id": "K3"})
    second.keep(built)
    built.has_all_views()
    built.build()
    both.keep(built)
    return second, both


@pytest.fixture
def two_days(built: Built, moments: tuple[Kept, ...]) -> Built:
    return moments[0].put_back(built)


@pytest.fixture
def both_built(built: Built, moments: tuple[Kept, ...]) -> Built:
    return moments[1].put_back(built)


def test_a_later_delivery_is_added_and_nothing_is_built_in_full(two_days):
    before = two_days.build_id()
    two_days.build()
    assert two_days.build_id() == before
    crimes = "select crime_id, is_hate_crime from marts.fct_crimes order by all"
    assert two_days.rows(crimes) == [("K1", False), ("K2", True), ("K3", False)]


def test_the_work_file_does_not_grow_with_the_days_that_are_built(both_built):
    sizes = []
    for day in range(4, 8):
        both_built.deliver(day, {"crime_id": "K3", "keywords": f"Word {day}"})
        both_built.build()
        sizes.append(both_built.home.warehouse.stat().st_size)
    # What the first builds replaced is free for the later ones.
    assert max(sizes[2:]) <= 1.05 * max(sizes[:2]), sizes


def test_a_crime_that_is_cancelled_leaves_every_measure(both_built):
    both_built.deliver(4, {"crime_id": "K2", "crime_status": "Cancelled"})
    both_built.build()
    found = both_built.rows("select distinct crime_id from marts.fct_crime_measures")
    assert sorted(found) == [("K1",), ("K3",)]


@pytest.mark.parametrize("day", [1, 2])
def test_a_late_or_overwritten_file_causes_a_full_build(both_built, day):
    before = both_built.build_id()
    both_built.deliver(day, {"crime_id": "K4"})
    assert "is gone or was read again" in both_built.dbt_run("--select", *MODELS)
    both_built.build()
    assert both_built.build_id() != before
    assert both_built.different() == AS_IF_WHOLE


def test_a_withdrawn_load_causes_a_full_build(both_built):
    both_built.rows(f"delete from raw.crimes where _load_id = {LAST_LOAD}")
    both_built.rows(
        f"update raw.loads set status = 'rejected' where load_id = {LAST_LOAD}"
    )
    both_built.build()
    crimes = "select crime_id, is_hate_crime from marts.fct_crimes order by all"
    assert both_built.rows(crimes) == [("K1", False), ("K2", False)]
    lines = "select line_key from marts.fct_mapped_lines order by all"
    assert both_built.rows(lines) == [("K1",), ("K2",)]


def test_a_changed_mapping_leaves_no_line_of_the_former_one(both_built):
    changed = MAPPING.replace("crime_id}", "{from: crime_id, prefix: N-}}")
    messy.write(both_built.home.root, "crimes.yml", changed)
    both_built.deliver(4, {"crime_id": "K4"})
    both_built.build()
    lines = "select line_key from marts.fct_mapped_lines order by all"
    keys = ["N-K1", "N-K2", "N-K2", "N-K3", "N-K4"]
    assert both_built.rows(lines) == [(key,) for key in keys]
    assert both_built.different() == AS_IF_WHOLE


def test_changed_code_or_seeds_cause_a_full_build(both_built, monkeypatch):
    before = both_built.build_id()
    monkeypatch.setattr(versions, "code_sha256", lambda: "other code")
    refusal = both_built.dbt_run("--select", *MODELS)
    assert "the code, a seed or the configuration has changed" in refusal
    assert "dbt build --full-refresh" in refusal
    both_built.build()
    assert both_built.build_id() != before


def test_tables_of_older_code_with_another_shape_cause_a_full_build(both_built):
    both_built.rows(f"alter table {builds.BUILDS} drop loads_read")
    both_built.build()
    assert both_built.different() == AS_IF_WHOLE


def test_an_interrupted_full_build_is_not_built_upon(both_built):
    assert both_built.dbt_run("--select", "fct_crimes", "--full-refresh") is None
    refusal = both_built.dbt_run("--select", *MODELS)
    assert "no complete build of them is recorded" in refusal


def test_a_view_of_other_code_is_never_taken_for_one_of_the_last_build(
    both_built, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(versions, "code_sha256", lambda: "other code")
        assert both_built.dbt_run("--select", "stg_force__crimes") is None
    refusal = both_built.dbt_run("--select", *MODELS)
    assert "no complete build of them is recorded" in refusal


def test_a_build_without_its_seeds_and_views_says_that_they_are_not_made(two_days):
    assert two_days.rows(f"select has_all_seeds_and_views from {builds.BUILDS}") == [
        (False,)
    ]


def test_views_of_the_layout_stay_once_a_run_has_made_everything(two_days):
    view = "reporting.rpt_rolling_12_months"
    made = "select view_name from duckdb_views() where view_name like 'rpt_rolling_12%'"
    two_days.build()
    for has_made_all, views in ((True, []), (False, [("rpt_rolling_12_months",)])):
        two_days.rows(f"drop view if exists {view}")
        two_days.rows(
            f"update {builds.BUILDS} set has_all_seeds_and_views = {has_made_all}"
        )
        assert two_days.dbt_run("--select", "dim_dates") is None
        assert two_days.rows(made) == views


def test_some_incremental_models_alone_are_not_built_from_new_deliveries(two_days):
    refusal = two_days.dbt_run("--select", "fct_crimes")
    assert "Select all of these models or none" in refusal
    two_days.build()
    assert two_days.dbt_run("--select", "fct_crimes") is None
