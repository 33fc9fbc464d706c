"""The demonstration's files, tested without any model of the pipeline."""

import csv
import json
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from dagster_project import demonstration, settings
from dagster_project.errors import DeliveryError
from tests.conftest import Result

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "dagster_project/demonstration/tables"
CONTRACTS = ROOT / "dbt_project/models/staging/force/_force__sources.yml"
PUBLISHED = {
    # measure: (last month, 12 months to it, the 12 months before)
    "domestic_abuse": ("2021-09", 29391, 30038),
    "knife_crime": ("2021-09", 2832, 2751),
    "nte_crime": ("2021-09", 1863, 2999),
    "hate_crime": ("2021-09", 4177, 3291),
    "cyber_crime": ("2021-09", 6220, 4754),
    "fraud": ("2021-09", 1514, 1847),
    "residential_burglary": ("2021-07", 4658, 6379),
    "personal_robbery": ("2021-07", 1191, 1269),
}
# 5.0-002 to 5.0-037: total, complete, ongoing, at risk.
PUBLISHED_ACTIONS = {
    "Domestic Abuse": (37, 13, 24, 0),
    "Gangs and Knife Crime": (43, 30, 13, 0),
    "Night-Time Economy (NTE)": (24, 12, 12, 0),
    "Child Abuse and Exploitation": (23, 3, 20, 0),
    "Extremism and Radicalisation": (15, 1, 14, 0),
    "Hate Crime": (35, 16, 19, 0),
    "Digital Crime and Fraud": (43, 27, 16, 1),
    "Dwelling Burglary and Street Robbery": (81, 33, 48, 0),
    "Serious and Organised Crime": (24, 15, 9, 0),
}
# Lines as delivered, the condition for a valid line, and the last valid state.
STATES = """
create table delivered as
select *, strptime(
    regexp_extract(filename, 'crimes_(\\d{8}T\\d{6})', 1), '%Y%m%dT%H%M%S'
) as extracted_at
from read_csv(
    $files, all_varchar = true, header = true, filename = true, auto_detect = false,
    columns = $columns, delim = ',', quote = '"', ignore_errors = true
);

create table judged as
select
    *,
    recorded_at like '____-__-__T__:__:__'
    and try_cast(recorded_at as timestamp) <= extracted_at
    and crime_id is not null
    and count(*) over (partition by filename, crime_id) = 1
    and coalesce(committed_from <= recorded_at, true)
    and coalesce(committed_from <= committed_to, true)
    and offence_code in (select offence_code from offences)
    and coalesce(district_code in (select district_code from districts), true)
    and coalesce(outcome_code in (select outcome_code from outcomes), true)
    and (outcome_date is null or outcome_date like '____-__-__')
    and (outcome_code is null or outcome_date is not null)
    and crime_status in ('Recorded', 'Transferred', 'Cancelled')
    and is_domestic_abuse in ('Y', 'N')
    and is_hate_crime in ('Y', 'N')
    and is_online in ('Y', 'N')
    and is_night_time_economy in ('Y', 'N') as is_valid
from delivered;

create table states as
select *, left(recorded_at, 7) as month
from judged
where is_valid
qualify row_number() over (partition by crime_id order by extracted_at desc) = 1;

create table counted as
select states.*, offence_group, offence_subgroup
from states
inner join offences using (offence_code)
where crime_status = 'Recorded';

create table counts as
select measure_code, month, count(distinct crime_id) as crime_count
from counted
inner join rules
    on coalesce(rules.offence_group = counted.offence_group, true)
    and coalesce(rules.offence_subgroup = counted.offence_subgroup, true)
    and coalesce(rules.offence_code = counted.offence_code, true)
    and coalesce(
        list_contains(split(lower(counted.keywords), '|'), lower(rules.keyword)),
        rules.keyword is null
    )
    and case rules.flag
        when 'domestic_abuse' then is_domestic_abuse = 'Y'
        when 'hate_crime' then is_hate_crime = 'Y'
        when 'online' then is_online = 'Y'
        when 'night_time_economy' then is_night_time_economy = 'Y'
        else true
    end
where rules.crime_type is null
group by all;
"""


@cache
def contract(extract: str) -> list[str]:
    tables = yaml.safe_load(CONTRACTS.read_text("utf-8"))["sources"][0]["tables"]
    table = next(table for table in tables if table["name"] == extract)
    return [column["name"] for column in table["columns"]]


def load_seed(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> None:
    connection.execute(
        f"create table {table} as from read_csv($path, all_varchar = true)",
        {"path": str(settings.seed(name))},
    )


@pytest.fixture(scope="module")
def landing(demonstration: Result) -> Path:
    """The demonstration's extracts, in full size."""
    return demonstration.home.landing


@pytest.fixture(scope="module")
def warehouse(landing: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    for table in ("offences", "districts", "outcomes"):
        load_seed(connection, table, table)
    load_seed(connection, "rules", "measure_rules")
    first, *rest = STATES.split(";\n\n", 1)
    connection.execute(
        first,
        {
            "files": [str(path) for path in sorted((landing / "crimes").iterdir())],
            "columns": dict.fromkeys(contract("crimes"), "varchar"),
        },
    )
    for script in rest:
        connection.execute(script)
    return connection


@pytest.fixture(scope="module")
def last_actions(landing: Path) -> list[dict[str, object]]:
    path = landing / "actions/actions_20211117T060000.xlsx"
    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def only(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return connection.execute(sql).fetchall()[0][0]


def targets() -> dict[tuple[str, str], int]:
    with (TABLES / "targets.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["measure_code"], row["month"]): int(row["crime_count"])
            for row in csv.DictReader(file)
        }


def test_every_measure_counts_its_target_in_every_month(warehouse):
    rows = warehouse.execute("select measure_code, month, crime_count from counts")
    counted = {(measure, month): count for measure, month, count in rows.fetchall()}
    assert counted == targets()


@pytest.mark.parametrize("measure", PUBLISHED)
def test_twelve_months_come_out_as_published(warehouse, measure):
    last_month, after, before = PUBLISHED[measure]
    counts = warehouse.execute(
        "select crime_count from counts where measure_code = ? and month <= ?"
        " order by month",
        [measure, last_month],
    ).fetchall()
    assert sum(count for (count,) in counts[-12:]) == after
    assert sum(count for (count,) in counts[-24:-12]) == before


def test_hate_crimes_of_the_first_quarter_are_where_the_report_found_them(warehouse):
    rows = warehouse.execute(
        """
        select district_code, count(*)
        from counted
        where is_hate_crime = 'Y' and month between '2021-04' and '2021-06'
        group by all
        """
    )
    found = dict(rows.fetchall())
    assert sum(found.values()) == 1280
    assert found["E06000033"] == 215
    assert found["E07000066"] == 196
    assert found["E06000034"] == 193
    assert found["E07000071"] == 182
    assert found["E07000072"] + found["E07000068"] == 149


def test_the_published_statements_are_true_of_the_targets():
    count = targets()
    cyber = {key[1]: value for key, value in count.items() if key[0] == "cyber_crime"}
    assert max(cyber, key=cyber.get) == "2021-07"
    nte = {key[1]: value for key, value in count.items() if key[0] == "nte_crime"}
    assert nte["2021-06"] < nte["2021-07"] < nte["2021-08"]
    assert nte["2021-07"] < nte["2020-07"] and nte["2021-08"] < nte["2020-08"]


def test_colchester_and_chelmsford_stand_out_in_the_night_time_economy(warehouse):
    rows = warehouse.execute(
        """
        select
            district_code,
            count(*) filter (month between '2020-10' and '2021-09')
            - count(*) filter (month between '2019-10' and '2020-09')
        from counted
        where is_night_time_economy = 'Y'
        group by all
        """
    )
    risen = {district for district, difference in rows.fetchall() if difference > 20}
    assert risen == {"E07000070", "E07000071"}


def test_the_delivery_plan_counts_as_published(last_actions):
    found = {}
    for name in PUBLISHED_ACTIONS:
        rows = [row for row in last_actions if row["strand_name"] == name]
        statuses = [row["action_status"] for row in rows]
        found[name] = (
            len(rows),
            statuses.count("Complete"),
            statuses.count("Ongoing"),
            sum(row["is_at_risk"] == "Y" for row in rows),
        )
    assert found == PUBLISHED_ACTIONS
    assert len(last_actions) == 325


def test_every_line_of_the_last_tracker_is_valid(last_actions):
    last_day = datetime(2021, 11, 17)
    for row in last_actions:
        assert all(row[name] for name in contract("actions")[:3])
        assert row["start_date"] < row["due_date"]
        assert (row["action_status"] == "Complete") == bool(row["completed_date"])
        assert row["start_date"] < (row["completed_date"] or last_day) <= last_day
        assert row["is_at_risk"] == "N" or row["at_risk_reason"]
    assert len({row["action_id"] for row in last_actions}) == 325
    assert len({row["action_title"] for row in last_actions}) == 325


def test_actions_come_slip_and_are_at_risk_for_a_time(landing):
    lines = []
    for path in sorted((landing / "actions").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            lines.append({row["action_id"]: row for row in csv.DictReader(file)})
    assert 100 <= len(lines[0]) <= 140
    assert all(old.keys() <= new.keys() for old, new in pairwise(lines))
    names = {row["strand_name"] for extract in lines for row in extract.values()}
    assert "Child Sexual Abuse and Exploitation" in names
    due = {(key, row["due_date"]) for extract in lines for key, row in extract.items()}
    assert len(due) - len(lines[-1]) > 15
    at_risk = {
        key
        for extract in lines
        for key, row in extract.items()
        if row["is_at_risk"] == "Y"
    }
    assert len(at_risk) > 5


@pytest.mark.parametrize("extract", ["crimes", "actions"])
def test_every_header_equals_that_of_the_contract(landing, extract):
    for path in sorted((landing / extract).iterdir()):
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path, read_only=True).active
            header = list(next(sheet.iter_rows(values_only=True)))
        else:
            relation = duckdb.sql(
                f"from read_csv('{path}', header = false, all_varchar = true, quote ="
                " '\"', delim = ',', auto_detect = false, columns = "
                f"{dict.fromkeys(contract(extract), 'varchar')}) limit 1"
            )
            header = list(relation.fetchall()[0])
        assert header == contract(extract), path.name


def test_a_few_lines_break_the_contract_and_most_are_put_right(warehouse):
    broken = only(warehouse, "select count(*) from judged where not is_valid")
    assert 14 <= broken <= 22
    put_right = only(
        warehouse,
        "select count(distinct crime_id) from judged semi join states"
        " using (crime_id) where not is_valid",
    )
    assert put_right >= 10


def test_three_lines_have_too_many_or_too_few_columns(warehouse, landing):
    lines = 0
    for path in (landing / "crimes").iterdir():
        with path.open("rb") as file:
            lines += sum(1 for _ in file) - 1
    assert lines - only(warehouse, "select count(*) from delivered") == 3


def test_crimes_come_late_and_change_and_some_end_uncounted(warehouse):
    warehouse.execute(
        """
        create or replace temp table changes as
        select
            crime_id,
            min(extracted_at) - min(recorded_at)::timestamp as delay,
            count(distinct offence_code) as offences,
            count(distinct coalesce(keywords, '')) as keyword_lists,
            count(distinct is_hate_crime || is_domestic_abuse) as flags,
            count(distinct coalesce(outcome_code, '')) as outcomes,
            count(distinct crime_status) as statuses,
            arg_max(crime_status, extracted_at) as last_status,
        from judged
        where is_valid
        group by all
        """
    )
    many = {
        "late": "delay between interval 14 days and interval 90 days",
        "reclassified": "offences > 1",
        "keywords": "keyword_lists > 1",
        "flags": "flags > 1",
        "outcome": "outcomes > 1",
        "cancelled": "statuses > 1 and last_status = 'Cancelled'",
        "transferred": "statuses > 1 and last_status = 'Transferred'",
        "found cancelled": "statuses = 1 and last_status = 'Cancelled'",
    }
    for name, condition in many.items():
        found = only(warehouse, f"select count(*) from changes where {condition}")
        assert found > 30, name


def test_some_lines_repeat_what_is_known(warehouse):
    same = ", ".join(contract("crimes"))
    unchanged = only(
        warehouse,
        f"select count(*) from (select {same} from judged where is_valid"
        " group by all having count(*) > 1)",
    )
    assert unchanged > 100


@pytest.mark.slow
def test_two_runs_write_the_same_bytes(landing, tmp_path):
    again = tmp_path / "landing"
    demonstration.write_demonstration(again, progress=lambda _: None)
    mark = (again / demonstration.MARK).read_text("utf-8")
    assert mark == (landing / demonstration.MARK).read_text("utf-8")
    assert json.loads(mark)["origin"] == "demonstration"


# The other tests read the format csv.
@pytest.mark.ci
@pytest.mark.parametrize("file_format", sorted({*demonstration.FILE_FORMATS} - {"csv"}))
def test_the_demonstration_can_be_written_in_any_size_and_format(tmp_path, file_format):
    folder = tmp_path / "landing"
    files = demonstration.write_demonstration(
        folder, 20_000, file_format, lambda _: None
    )
    crimes = [str(path) for path in files if path.parent.name == "crimes"]
    assert len(crimes) == 33
    if file_format == "parquet":
        lines = duckdb.sql(f"from read_parquet({crimes})")
    else:
        lines = duckdb.sql(
            f"from read_csv({crimes}, all_varchar = true, ignore_errors = true)"
        )
    assert lines.columns == contract("crimes")
    found = lines.aggregate("count(distinct crime_id)").fetchall()[0][0]
    assert 20_000 <= found <= 20_010


def test_the_demonstration_never_overwrites_other_extracts(tmp_path):
    real = tmp_path / "landing/crimes/crimes_20211117T060000.csv"
    real.parent.mkdir(parents=True)
    real.write_text("crime_id\n1\n", "utf-8")
    with pytest.raises(DeliveryError, match="into a home of its own"):
        demonstration.write_demonstration(
            tmp_path / "landing", 100, progress=lambda _: None
        )
    assert real.exists()


def test_a_damaged_mark_is_named_and_without_its_folder_it_is_written_anew(tmp_path):
    landing = tmp_path / "landing"
    (landing / "crimes").mkdir(parents=True)
    (landing / "crimes/crimes_20210407T060000.csv").touch()
    (landing / demonstration.MARK).write_text("{}")
    with pytest.raises(DeliveryError, match=f"ove the folder {landing} away"):
        demonstration.write_demonstration(landing, 400, progress=lambda _: None)
    (landing / demonstration.MARK).unlink()
    with pytest.raises(DeliveryError, match=f"ove the folder {landing} away"):
        demonstration.write_demonstration(landing, 400, progress=lambda _: None)
    landing.rename(tmp_path / "away")
    demonstration.write_demonstration(landing, 400, progress=lambda _: None)
    assert (landing / demonstration.MARK).exists()


@pytest.mark.slow
def test_it_can_be_written_again_into_its_own_folder(tmp_path):
    for size in (500, 400):
        demonstration.write_demonstration(
            tmp_path / "landing", size, "csv", lambda _: None
        )
    mark = json.loads((tmp_path / "landing" / demonstration.MARK).read_text("utf-8"))
    assert mark["crime_count"] == 400
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]
