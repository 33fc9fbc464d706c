"""The benchmark: its page, its lines and verdicts, and its comparison of cells."""

import json
from pathlib import Path

import duckdb
import pytest

from dagster_project.settings import Home
from tests.benchmarks import page, results, rivals, targets
from tests.benchmarks.measuring import FailedError, Measured, measure
from tests.benchmarks.results import Job, Line, Results
from tests.benchmarks.rivals import PROJECTS, SCRIPTS, Rival, Work
from tests.conftest import Result

MILLION = 1_000_000
# The small project has the statements of the plain script, which CI compares (the last
# test below), and the large one has our models; so both are left to `make soak`.
SOAK = [pytest.param(each, marks=pytest.mark.soak, id=each.who) for each in PROJECTS]
CI = [pytest.param(each, marks=pytest.mark.ci, id=each.who) for each in SCRIPTS]
RIVALS = [*CI, *SOAK]
MONTHS = "fct_measures_monthly"
ROLLING = "fct_rolling_12_months"
CRIMES = "fct_crime_measures"


def of_times(seconds: dict[str, dict[int, float]], source: str = "parquet") -> Results:
    """Return results of the complete job: seconds, by who did it and crimes."""
    about = {"day": "2026-01-01", "commit": "abc", "machine": "2 processors"}
    about |= {"versions": {"duckdb": "2"}, "others": 0.0, "left_out": []}
    found = Results(about=about)
    for who, times in seconds.items():
        for rows, each in times.items():
            job = Job(results.WHOLE, rows, source, who)
            found.add(job, Measured(each, each * 2, 100.0))
    return found


def verdict(found: Results, words: str) -> str:
    (target,) = (each for each in targets.targets(found) if words in each.words)
    return target.verdict(found.is_shared)


def test_the_page_is_what_the_benchmark_writes_from_its_last_results():
    assert page.PAGE.read_text("utf-8") == page.page(results.read(page.RESULTS))


def test_no_cell_of_the_last_results_differs_from_the_published_file():
    found = results.read(page.RESULTS)
    assert len(found.compared) > 4
    assert {job: n for job, (_, n) in found.compared.items() if n} == {}
    assert all(cells > 1_000 for cells, _ in found.compared.values())


def test_results_are_read_as_they_were_written(tmp_path: Path):
    found = of_times({results.OURS: {MILLION: 30.0}, results.PANDAS: {MILLION: 9.0}})
    found.fail(Job(results.WHOLE, 2, "csv", results.PANDAS), FailedError("no memory"))
    found.compared[Job(results.WHOLE, MILLION, "parquet", results.PANDAS)] = (7, 0)
    found.questions, found.questions_of = {11: 0.5}, MILLION
    found.write(tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found


def test_a_later_run_replaces_what_it_measured_again_and_keeps_the_rest():
    last = of_times({results.OURS: {MILLION: 30.0, 2 * MILLION: 40.0}})
    new = of_times({results.OURS: {MILLION: 20.0}})
    new.about |= {"commit": "def", "others": 0.3}
    found = results.joined(last, new)
    assert found.seconds(Job(results.WHOLE, MILLION, "parquet")) == 20
    assert found.seconds(Job(results.WHOLE, 2 * MILLION, "parquet")) == 40
    assert (found.about["commit"], found.about["others"]) == ("abc, def", 0.3)


def test_the_page_names_a_library_that_is_not_installed():
    found = of_times({results.OURS: {MILLION: 30.0}})
    assert "polars is not installed" not in page.page(found)
    found.about["left_out"] = ["polars"]
    assert "polars is not installed: left out." in page.page(found)


def test_a_line_has_the_fixed_cost_and_the_slope_of_its_times():
    sizes = [100_000, MILLION, 10 * MILLION]
    line = results.fit(sizes, [20 + 3 * size / MILLION for size in sizes])
    assert line.fixed == pytest.approx(20)
    assert line.per_million == pytest.approx(3)
    assert line.sizes == 3


def test_the_exponent_of_a_quadratic_cost_is_two():
    assert results.exponent([1, 10, 100], [5, 500, 50_000]) == pytest.approx(2)


def test_a_line_is_fitted_through_the_median_of_the_rounds():
    found = of_times({results.OURS: {MILLION: 10.0, 2 * MILLION: 20.0}})
    for seconds in (10.0, 500.0):
        found.add(Job(results.WHOLE, MILLION, "parquet"), Measured(seconds, 1, 1))
    line = found.line(results.WHOLE, "parquet")
    assert line == Line(pytest.approx(0), pytest.approx(10), pytest.approx(1), 2)


@pytest.mark.parametrize(
    ("ours", "said"), [(25.0, "met"), (25.1, "**not met**"), (None, "not measured")]
)
def test_a_target_is_met_up_to_its_limit_and_not_met_beyond_it(
    ours: float | None, said: str
):
    times = {results.PLAIN: {10 * MILLION: 10.0}}
    if ours:
        times[results.OURS] = {10 * MILLION: ours}
    words = f"10,000,000 crimes from parquet, beside the {results.PLAIN}"
    assert verdict(of_times(times), words) == said


def test_the_slope_is_judged_without_the_fixed_cost():
    found = of_times(
        {
            results.OURS: {MILLION: 41.4, 10 * MILLION: 54.0},
            results.PLAIN: {MILLION: 1.0, 10 * MILLION: 10.0},
        }
    )
    assert verdict(found, "Slope with tests, beside the plain script's, from pa") == (
        "met"
    )
    assert verdict(found, "Fixed cost") == "**not met**"


def test_a_shared_machine_is_judged_by_processor_seconds():
    found = of_times({results.OURS: {10 * MILLION: 25.0}})
    plain = Job(results.WHOLE, 10 * MILLION, "parquet", results.PLAIN)
    found.add(plain, Measured(10.0, 5.0, 1))
    words = f"10,000,000 crimes from parquet, beside the {results.PLAIN}"
    assert verdict(found, words) == "met"
    found.about["others"] = 0.4
    assert verdict(found, words) == "**not met**"


def test_a_slope_that_is_less_than_the_noise_is_not_measured():
    found = of_times(
        {
            results.OURS: {MILLION: 30.0, 10 * MILLION: 29.0},
            results.PLAIN: {MILLION: 1.0, 10 * MILLION: 10.0},
        }
    )
    words = "Slope with tests, beside the plain script's, from pa"
    assert verdict(found, words) == "not measured"


def test_the_page_says_why_a_rival_did_not_finish():
    found = of_times({results.OURS: {MILLION: 30.0}})
    failed = FailedError("ended with -9: it wrote nothing")
    found.fail(Job(results.WHOLE, MILLION, "parquet", results.PANDAS), failed)
    assert "did not finish (ended with -9: it wrote nothing)" in page.page(found)


@pytest.mark.parametrize(
    ("others", "said"), [(0.02, "was quiet"), (0.4, "other programs used 40% of its")]
)
def test_the_page_says_whether_the_machine_was_shared(others: float, said: str):
    found = of_times({results.OURS: {MILLION: 30.0}})
    found.about["others"] = others
    assert said in page.page(found)


def test_a_process_that_needs_more_memory_than_it_may_use_fails():
    taken = ("/usr/bin/env", "python3", "-c", "print(len(bytearray(400_000_000)))")
    assert measure(*taken, memory=2_000).seconds > 0
    with pytest.raises(FailedError, match="MemoryError"):
        measure(*taken, memory=200)


def made(path: Path, schema: str, months: int, rolling: int, crime: str) -> None:
    """Write a file with one cell of each kind."""
    name = "crime_key" if schema == "marts" else "crime_id"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"""
            create schema {schema};
            create table {schema}.{MONTHS} as
            select 'fraud' as measure_code, date '2021-09-01' as month,
                'E1' as area_code, {months} as value, true as is_supplied;
            create table {schema}.{ROLLING} as
            select 'fraud' as measure_code, 'E1' as area_code,
                date '2021-09-30' as period_end, 5 as previous_12_months,
                {rolling} as current_12_months;
            create table {schema}.{CRIMES} as
            select '{crime}' as {name}, 'fraud' as measure_code;
            """
        )


@pytest.mark.parametrize(
    ("theirs", "different"),
    [
        ((3, 8, "C1"), 0),
        ((4, 8, "C1"), 2),
        ((3, 9, "C1"), 2),
        ((3, 8, "C2"), 2),
    ],
)
def test_one_cell_that_a_rival_has_otherwise_is_found(
    tmp_path: Path, theirs: tuple[int, int, str], different: int
):
    home = Home(tmp_path)
    home.published.mkdir()
    home.restricted.mkdir()
    made(home.published / "warehouse_1.duckdb", "marts", 3, 8, "K1")
    home.current.symlink_to("warehouse_1.duckdb")
    with duckdb.connect(str(home.restricted / "warehouse_1.duckdb")) as connection:
        connection.execute(
            "create table keys as select 'K1' as record_key, 'C1' as record_id"
        )
    duckdb.connect(str(home.warehouse)).close()
    made(tmp_path / "rival.duckdb", "plain", *theirs)
    attach = "attach '{folder}/rival.duckdb' as rival (read_only);"
    tables = tuple(f"rival.plain.{name}" for name in (MONTHS, ROLLING, CRIMES))
    rival = Rival("rival", lambda work: None, attach, tables)
    work = Work(home, "parquet", tmp_path, 1_000)
    assert rivals.compare(work, rival) == (3, different)


@pytest.mark.parametrize("rival", RIVALS)
def test_a_rival_makes_every_cell_of_the_demonstrations_published_file(
    demonstration: Result, tmp_path: Path, rival: Rival
):
    work = Work(demonstration.home, "csv", tmp_path, 8_000)
    rival.run(work)
    compared, different = rivals.compare(work, rival)
    assert compared > 500_000
    assert different == 0


def test_every_statement_of_the_plain_script_is_a_model_of_the_usual_project(
    tmp_path: Path,
):
    rivals.write_project(tmp_path / "project")
    models = sorted((tmp_path / "project" / "models").glob("*.sql"))
    script = (rivals.HERE / "plain.sql").read_text("utf-8")
    statements = script.count("\ncreate table plain.")
    statements += script.count("\ncreate view plain.")
    assert len(models) == statements > 10
    text = "\n".join(each.read_text("utf-8") for each in models)
    assert "plain." not in text and "raw." not in text


def test_the_results_name_no_folder_of_a_machine():
    text = page.RESULTS.read_text("utf-8")
    assert json.loads(text)["jobs"] and "/tmp/" not in text and "/home/" not in text
