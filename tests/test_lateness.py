"""An extract is late when its newest file is older than its cadence allows."""

from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.defs import checks
from dagster_project.intake import lateness, load_log, names
from dagster_project.settings import Home

NOW = datetime(2026, 3, 29, 6)
# extracts.csv has 7 days for crimes, and supply_rules.csv a tolerance of 1.5.
ALLOWED = timedelta(days=10, hours=12)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "london_now", lambda: NOW)


def is_late(home: Home, **extracted: datetime) -> dict[str, bool]:
    found = lateness.arrivals(home, extracted)
    return {name: arrival.is_late for name, arrival in found.items()}


def test_an_extract_is_late_after_its_cadence_and_tolerance(tmp_path: Path):
    home = Home(tmp_path)
    assert is_late(home, crimes=NOW - ALLOWED) == {"crimes": False}
    late = NOW - ALLOWED - timedelta(seconds=1)
    assert is_late(home, crimes=late, actions=late) == {
        "crimes": True,
        "actions": False,
    }


def test_a_home_may_have_another_cadence(tmp_path: Path):
    config = tmp_path / "config"
    config.mkdir()
    rows = settings.seed("extracts").read_text(encoding="utf-8").splitlines()
    (row,) = [each for each in rows if each.startswith("crimes,")]
    monthly = row.replace("crimes,delta,7,", "crimes,delta,31,")
    (config / "extracts.csv").write_text(f"{rows[0]}\n{monthly}\n", encoding="utf-8")
    assert is_late(Home(tmp_path), crimes=NOW - 2 * ALLOWED) == {"crimes": False}


def test_the_clock_of_a_home_as_at_a_past_moment_stands_there(tmp_path: Path):
    home = Home(tmp_path, "2021-11-17")
    assert is_late(home, crimes=datetime(2021, 11, 15)) == {"crimes": False}
    assert is_late(home, crimes=datetime(2021, 11, 1)) == {"crimes": True}


def test_the_clock_of_the_demonstration_stands_at_its_newest_file(tmp_path: Path):
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / settings.DEMONSTRATION_MARK).touch()
    old = datetime(2021, 11, 17)
    found = is_late(Home(tmp_path), crimes=old - 2 * ALLOWED, actions=old)
    assert found == {"crimes": True, "actions": False}


def test_a_late_extract_is_a_warning_of_its_asset_that_says_what_to_do(
    tmp_path: Path,
):
    home = Home(tmp_path)
    with load_log.warehouse(home.warehouse) as connection:
        connection.execute(
            "create or replace table raw.loads as"
            " select 'crimes' as extract, 'loaded' as status, ? as extracted_at"
            " union all select 'crimes', 'held', ?",
            [NOW - 2 * ALLOWED, NOW],
        )
    found = {each.asset_key.path[1]: each for each in checks.on_time(home)}
    late = found.pop("crimes")
    assert (late.passed, late.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "files are due every 7 days" in late.description
    assert late.metadata["remedy"].value == lateness.REMEDY
    assert all(each.passed for each in found.values())


def test_a_late_extract_that_the_home_adds_is_a_warning_of_the_table_of_its_contract(
    tmp_path: Path,
):
    home = Home(tmp_path)
    home.config.mkdir()
    header, *rows = settings.seed("extracts").read_text(encoding="utf-8").splitlines()
    (row,) = [each for each in rows if each.startswith("incidents,")]
    own = row.replace("incidents,", "asb,", 1)
    (home.config / "extracts.csv").write_text(f"{header}\n{own}\n", encoding="utf-8")
    with load_log.warehouse(home.warehouse) as connection:
        connection.execute(
            "create or replace table raw.loads as select extract, 'loaded' as status,"
            " extracted_at from (values ('asb', ?), ('incidents', ?))"
            " as files (extract, extracted_at)",
            [NOW - timedelta(days=365), NOW],
        )
    found = {each.asset_key.path[1]: each for each in checks.on_time(home)}
    assert not found["incidents"].passed
    assert "asb: the newest file" in found["incidents"].description
    assert all(each.passed for name, each in found.items() if name != "incidents")
