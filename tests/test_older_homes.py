"""A home made by an older version of this program can be opened and used.

The deliveries of test_daily_deliveries.py come to such a home.
"""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project import configuration
from dagster_project.configuration import template
from dagster_project.intake import load_log
from dagster_project.intake.load_log import Delivery, Tally
from dagster_project.settings import Home
from dagster_project.transform import builds

# The load log of a version that did not support archives and months of open data.
OLDER = """
create schema raw;
create table raw.loads (
    load_id bigint not null, extract varchar not null, origin varchar not null,
    file_name varchar not null, sha256 varchar not null, file_bytes bigint not null,
    extracted_at timestamp not null, loaded_at timestamp not null,
    lines_delivered bigint not null, lines_stored bigint not null,
    lines_unchanged bigint not null, lines_unreadable bigint not null,
    status varchar not null
);
insert into raw.loads values (
    1, 'crimes', 'own', 'first.csv', 'abc', 10, '2021-01-01', '2021-01-02',
    1, 1, 0, 0, 'loaded'
);
"""


def test_the_register_of_an_older_home_gets_the_columns_that_it_lacks(
    tmp_path: Path,
) -> None:
    work = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(work)) as connection:
        connection.execute(OLDER)
    second = Delivery(
        extract="crimes",
        path=tmp_path,
        file_name="second.csv",
        sha256="def",
        file_bytes=10,
        extracted_at=datetime(2021, 2, 1),
        force_code="essex",
        origin="own",
        archive_name="all.zip",
    )
    with load_log.warehouse(work) as connection:
        load_log.record(connection, 2, second, Tally(1, 1, 0, 0, "a word"))
    with load_log.warehouse(work) as connection:
        rows = connection.execute(
            "select file_name, force_code, archive_name, message, lines_stored"
            " from raw.loads order by load_id"
        ).fetchall()
    assert rows == [
        ("first.csv", None, None, None, 1),
        ("second.csv", "essex", "all.zip", "a word", 1),
    ]


def reason(work: Path, code: str) -> str | None:
    with load_log.warehouse(work) as connection:
        return builds.begin(connection, code).full_refresh_reason


def test_a_home_of_an_older_version_is_built_in_full_and_the_run_says_why(
    tmp_path: Path,
) -> None:
    work = tmp_path / "warehouse.duckdb"
    with load_log.warehouse(work):
        pass
    assert reason(work, "new") == "no complete build of them is recorded"
    with duckdb.connect(str(work)) as connection:
        connection.execute("create schema if not exists intermediate")
        connection.execute("create table intermediate.builds as select 'old' as code")
    assert reason(work, "new") == "an older version of the program built them"
    with duckdb.connect(str(work)) as connection:
        connection.execute(
            "create or replace table intermediate.builds as"
            " select 'old' as code_sha256, 0 as last_load_id, '' as loads_read,"
            " true as has_all_seeds_and_views"
        )
    assert "the code, a seed or the configuration has changed" in reason(work, "new")
    assert reason(work, "old") is None


def older_config(tmp_path: Path, phases: str) -> Home:
    """A home whose `range_phases.csv` was written before it had `measure_code`."""
    home = Home(tmp_path / "home")
    home.config.mkdir(parents=True)
    (home.config / "range_phases.csv").write_text(phases, encoding="utf-8")
    return home


@pytest.mark.parametrize("header", ["force_code,first_month,cause", "other,names", ""])
def test_a_header_alone_of_an_older_version_is_no_mistake_and_changes_nothing(
    tmp_path: Path, header: str
):
    home = older_config(tmp_path, f"{header}\n")
    assert configuration.mistakes(configs=home.configs) == []
    assert configuration.rows("range_phases", home) == configuration.rows(
        "range_phases"
    )


def test_a_column_of_the_key_that_may_be_empty_may_be_left_out(tmp_path: Path):
    home = older_config(
        tmp_path,
        "force_code,first_month,cause,is_comparable\nkent,2021-04-01,a system,true\n",
    )
    assert configuration.mistakes(configs=home.configs) == []
    (added,) = (
        row
        for row in configuration.rows("range_phases", home)
        if row["force_code"] == "kent"
    )
    assert not added["measure_code"] and added["cause"] == "a system"


def test_starting_again_renews_a_header_alone_and_no_file_with_a_row(tmp_path: Path):
    home = older_config(tmp_path, "force_code,first_month,cause\n")
    keywords = home.config / "keywords.csv"
    keywords.write_text("keyword\nMachete\n", encoding="utf-8")
    written = template.write(home, "kent")
    phases = home.config / "range_phases.csv"
    assert phases in written and keywords not in written
    assert "measure_code" in phases.read_text(encoding="utf-8")
    assert keywords.read_text(encoding="utf-8") == "keyword\nMachete\n"
    assert template.write(home, "kent") == []
