"""Apache Spark counts what DuckDB counts: every cell of every model that both make.

Spark is real, in a session of its own process. The home has the demonstration's crimes,
with their late corrections, and invented lines of every kind that a contract judges.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project import demonstration, settings
from dagster_project.intake import landing, load_log
from dagster_project.settings import Home
from dagster_project.transform import manifest, spark
from tests import compiled_run
from tests.conftest import Result, run_dbt

CRIMES = 20_000
MANY_CRIMES = 5_000_000
# What both make, and what DuckDB makes of it.
COUNTED = (
    "stg_force__crimes",
    "stg_police_uk__outcomes",
    "stg_police_uk__street",
    "int_held_lines",
    "fct_crimes",
    "fct_crime_measures",
    "fct_open_crimes",
    "int_crime_counts",
    "int_open_counts",
)
MADE_OF_THEM = ("int_monthly_counts", "fct_measures_monthly", "fct_open_crimes_monthly")
# Column → values. Each is given to lines of their own, which are the newest version of
# their crimes. The first ones are those that two engines could read differently.
VALUES = {
    "recorded_at": [
        "2021-02-30T10:00:00",
        "2021-09-30T24:00:00",
        "2021-09-30T23:59:60",
        "2021-09-30 23:59:59",
        "2021-03-28T01:30:00",
        "2021-09-30T23:59:59\n",
        "2021-09-30 23:30+00",
        "2021/09/30",
        "0000-01-01T00:00:00",
        "1066-10-14T09:00:00",
        "9999-12-31T23:59:59",
        "12.7",
        "",
        None,
    ],
    "crime_id": [
        "\u00a042/9/21\u2003",
        "42\u200b/9/21",
        'a "quoted" \\ / name\t',
        "é ẃ 🦉",
        "  ",
        None,
    ],
    "offence_code": [" 8N\u3000", "999", "#N/A", "8n", None],
    "district_code": ["E06000033 ", "E07000223", "E09000001", "X", None],
    "keywords": [
        "Knife| ALCOHOL |Ünknown||",
        "|",
        "knife\u00a0|Alcohol",
        "İstanbul",
        None,
    ],
    "lsoa_code": ["\x07bell", "\x7f", "a\u2028b", "a\u00a0b"],
    "is_online": ["y", " Y", "yes", "#REF!", None],
    "crime_status": ["Cancelled", "Transferred", "recorded", None],
    "outcome_code": ["1", "zz", "", None],
    "outcome_date": ["2021-13-01", "2021-12-31", "0000-00-00", "2021-9-1", None],
    "_is_closing": [True],
    "_is_key_repeated": [True],
    "_not_mapped": [["offence_code"], ["keywords", "is_online"], []],
}
LINES_OF_EACH = 20
LINES = f"""
    insert into raw.crimes by name
    select * replace (
        $load as _load_id,
        row_number() over (order by _load_id, _line) as _line,
        _extracted_at + interval 1 second as _extracted_at,
        $value as {{column}}
    )
    from raw.crimes where _load_id < 1000
    order by _load_id, _line
    limit {LINES_OF_EACH} offset $start
"""
# Names, types and outcomes of the lists in several spellings; ids on several lines;
# lines without an id or an area. The intake refuses a file with another month.
STREET = """
    insert into raw.police_uk_street by name
    with numbered as (select unnest(range(20000)) as i),
    names as (
        select list(district_name order by district_code) as names from seeds.districts
    ),
    types as (select list(distinct crime_type order by crime_type) as types
        from seeds.measure_rules where crime_type is not null),
    outcomes as (select list(outcome_name order by outcome_name) as outcomes
        from seeds.open_outcomes)
    select
        2000 + i % 3 as _load_id,
        i as _line,
        timestamp '2021-11-17 06:00:00' as _extracted_at,
        if(i % 5 = 0, 'kent', 'essex') as _force_code,
        case when i % 7 <> 0 then md5(cast(i % 15000 as varchar)) end as crime_id,
        ['2021-07', '2021-08', '2021-09', '2021-10'][1 + i % 4] as month,
        ' Essex Police ' as falls_within,
        ['0.5', '1.2345675', '-1.2345675', '1e-3', '.5', '1234.5', 'x', '', null][
            1 + i % 9] as longitude,
        '51.7' as latitude,
        'On or near ' || chr(160) || 'High Street' || chr(8195) as location,
        case when i % 11 <> 0 then 'E010' || i % 300 end as lsoa_code,
        case i % 13
            when 0 then null
            when 1 then 'Ynys Môn 00' || i % 9 || 'A'
            when 2 then upper(names[1 + i % len(names)]) || '  004C'
            when 3 then 'Pen-y-bont ar Ogwr 12' || chr(10)
            when 4 then 'Ķŵrt ' || names[1 + i % len(names)]
            else names[1 + i % 12] || ' 01' || i % 9 || 'b'
        end as lsoa_name,
        case i % 4
            when 0 then upper(types[1 + i % len(types)])
            when 1 then replace(types[1 + i % len(types)], ' ', '-') || ' '
            when 2 then if(i % 50 = 2, 'Piracy & smuggling', types[1 + i % len(types)])
            else types[1 + i % len(types)]
        end as crime_type,
        case when i % 6 <> 0 then outcomes[1 + i % len(outcomes)] end
            as last_outcome_category
    from numbered, names, types, outcomes
"""
OUTCOMES = """
    insert into raw.police_uk_outcomes by name
    with outcomes as (select list(outcome_name order by outcome_name) as outcomes
        from seeds.open_outcomes)
    select
        2100 as _load_id,
        i as _line,
        timestamp '2021-11-17 06:00:00' as _extracted_at,
        if(i % 5 = 0, 'kent', 'essex') as _force_code,
        md5(cast(i as varchar)) as crime_id,
        ['2021-08', '2021-11', '2022-1', ' 2021-10 ', '2021-13', 'July', null][
            1 + i % 7] as month,
        if(i % 40 = 0, 'Sent to Mars', lower(outcomes[1 + i % len(outcomes)]))
            as outcome_type
    from (select unnest(range(12000)) as i), outcomes
"""

FILES = """
    insert into raw.loads by name
    select
        3000 + row_number() over () as load_id,
        'police_uk_street' as extract,
        force_code,
        'data.police.uk' as origin,
        month || '-' || force_code || '-street.csv' as file_name,
        'sha' as sha256,
        0 as file_bytes,
        cast(month || '-01' as date) as month,
        timestamp '2021-11-17 06:00:00' as extracted_at,
        timestamp '2021-11-17 06:00:00' as loaded_at,
        0 as lines_delivered,
        0 as lines_stored,
        0 as lines_unchanged,
        0 as lines_unreadable,
        'loaded' as status
    from (select unnest(['essex', 'kent']) as force_code),
        (select unnest(['2021-07', '2021-08', '2021-09', '2021-10']) as month)
"""


def deliver(connection: duckdb.DuckDBPyConnection, home: Home, crimes: int) -> None:
    """Load the demonstration's crimes, and invented lines."""
    demonstration.write_demonstration(home.landing, crimes, "parquet")
    landing.look_at_all(connection, home, lambda _: None)
    landing.take(connection, home, "crimes", lambda _: None)
    given = [(column, value) for column, of_it in VALUES.items() for value in of_it]
    for number, (column, value) in enumerate(given):
        parameters = {"load": 1000 + number, "value": value}
        parameters["start"] = number * LINES_OF_EACH
        connection.execute(LINES.format(column=column), parameters)
    connection.execute(STREET)
    connection.execute(OUTCOMES)
    connection.execute(FILES)


def counted_by_both(built: Result, root: Path, crimes: int) -> Home:
    """Return a home that DuckDB has built, and for which Spark has counted too."""
    home = Home(root)
    home.landing.mkdir(parents=True)
    shutil.copytree(built.home.config, home.config)
    compiled_run.warehouse_of(built, home)
    compiled = compiled_run.compiled_in(built.home.dbt_target)
    with load_log.warehouse(home.warehouse) as connection:
        deliver(connection, home, crimes)
        compiled.build(connection, *MADE_OF_THEM, computes_views=False)
    spark.count(home)
    return home


def differences(home: Home, *names: str, other: Path | None = None) -> list[str]:
    """Say how the models differ between DuckDB and Spark, or between two homes."""
    found = []
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        if other:
            connection.execute(f"attach '{other}' as other (read_only)")
        schemas = connection.execute(
            "select table_name, table_schema from information_schema.tables"
            " where table_catalog = current_database()"
        )
        schema_of = dict(schemas.fetchall())
        for name in names:
            mine = f"{schema_of[name]}.{name}"
            others = (
                f"other.{mine}"
                if other
                else f"read_parquet('{home.work}/spark/counted/{name}/*.parquet')"
            )
            columns = [
                [
                    row[:2]
                    for row in connection.execute(f"describe from {of}").fetchall()
                ]
                for of in (mine, others)
            ]
            if columns[0] != columns[1]:
                found.append(f"{name}: {set(columns[0]) ^ set(columns[1])}")
                continue
            if not connection.execute(f"from {mine} limit 1").fetchall():
                found.append(f"{name}: no rows")
            for one, two in ((mine, others), (others, mine)):
                left = connection.execute(
                    f"from {one} except all from {two} limit 2"
                ).fetchall()
                found += [f"{name}: only in {one}: {row}" for row in left]
    return found


def may_not_be_missing() -> None:
    if lacking := spark.missing():
        if os.environ.get("CI"):
            pytest.fail(f"{lacking}: .ci/run installs it")
        pytest.skip(lacking)


@pytest.fixture(scope="module")
def home(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Home:
    may_not_be_missing()
    return counted_by_both(first_build, tmp_path_factory.mktemp("spark") / "h", CRIMES)


def counting() -> Iterator[dict]:
    nodes = json.loads(manifest.prepared().read_text(encoding="utf-8"))["nodes"]
    yield from (node for node in nodes.values() if spark.TAG in node["tags"])


@pytest.mark.ci
def test_the_invented_lines_break_most_rules_and_close_crimes(home):
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        reasons, kept, closed = connection.execute("""
            select
                (select count(distinct reason) from (
                    select unnest(quarantine_reasons) as reason
                    from intermediate.int_held_lines
                )),
                (select count(*) from marts.fct_crimes where load_id >= 1000),
                (select count(*) from raw.crimes where _is_closing)
        """).fetchall()[0]
        matched = connection.execute(
            "select distinct outcome_match from marts.fct_open_crimes"
        ).fetchall()
    assert (reasons, kept, closed) >= (25, 100, LINES_OF_EACH)
    assert {row[0] for row in matched} == {"matched", "none", "id_repeated", "no_id"}


@pytest.mark.ci
def test_spark_counts_every_cell_as_duckdb_does(home):
    assert differences(home, *COUNTED) == []


@pytest.mark.ci
def test_duckdb_builds_the_marts_from_what_spark_counted_and_not_from_raw(
    home: Home, first_build: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root)
    shutil.copytree(first_build.home.dbt_target, copy.dbt_target, dirs_exist_ok=True)
    with load_log.warehouse(copy.warehouse) as connection:
        for table in ("crimes", "police_uk_street", "police_uk_outcomes"):
            connection.execute(f"delete from raw.{table}")
    monkeypatch.setenv(settings.ENGINE_VARIABLE, "spark")
    built = run_dbt(
        copy, "run", "--full-refresh", "--select", "tag:counting", *MADE_OF_THEM
    )
    assert built.returncode == 0, built.stdout
    names = (*COUNTED, "fct_measures_monthly", "fct_open_crimes_monthly")
    assert differences(copy, *names, other=home.warehouse) == []


def test_the_models_that_spark_stores_are_the_ones_that_are_compared():
    named = {node["name"] for node in counting()}
    contracts = {name for name in named if name.startswith("stg_force__")}
    views = {"int_accepted_crimes", "stg_register__loads"}
    assert named - contracts == {*COUNTED, *views} - contracts
    assert "stg_force__crimes" in contracts


def test_what_dialects_write_differently_is_in_one_folder():
    portable = settings.DBT_PROJECT / "macros" / "portable"
    form = re.compile(r"{%-? *macro +(default|duckdb|spark)__(\w+)|adapter\.dispatch")
    files = [*settings.DBT_PROJECT.rglob("macros/**/*.sql")]
    files += settings.DBT_PROJECT.rglob("models/**/*.sql")
    found = {path for path in files if form.search(path.read_text("utf-8"))}
    assert found and {path.parent for path in found} == {portable}
    forms: dict[str, set[str]] = {}
    for path in found:
        for engine, name in re.findall(
            r"macro (default|spark)__(\w+)", path.read_text("utf-8")
        ):
            forms.setdefault(name, set()).add(engine)
    assert {n for n, of in forms.items() if of != {"default", "spark"}} == set()


def test_an_engine_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv(settings.ENGINE_VARIABLE, "pandas")
    with pytest.raises(Exception, match="must be duckdb or spark"):
        settings.engine()


def test_without_spark_a_run_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(spark.util, "find_spec", lambda _: True)
    with pytest.raises(Exception, match="Java is not installed"):
        spark.count(Home(tmp_path))
    monkeypatch.setattr(spark.util, "find_spec", lambda _: None)
    with pytest.raises(Exception, match="Run: make spark"):
        spark.count(Home(tmp_path))


def test_the_lock_of_spark_names_only_packages_that_the_other_lock_does_not():
    name = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==", re.MULTILINE)
    texts = [
        (settings.REPOSITORY / file).read_text("utf-8")
        for file in ("requirements.lock", "requirements-spark.lock")
    ]
    ours, sparks = (set(name.findall(text)) for text in texts)
    assert {"dbt-spark", "pyspark"} <= sparks and not ours & sparks
    assert "--hash=sha256:" in texts[1] and "http" not in texts[1]


@pytest.mark.soak
def test_spark_counts_every_cell_of_five_million_crimes_as_duckdb_does(
    first_build: Result, tmp_path: Path
):
    may_not_be_missing()
    home = counted_by_both(first_build, tmp_path / "home", MANY_CRIMES)
    assert differences(home, *COUNTED) == []
