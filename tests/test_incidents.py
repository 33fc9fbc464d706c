"""Incident extracts that are rows and a mapping in a home, as docs/adapt.md says."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pandas
import pytest

from dagster_project.settings import Home
from tests import compiled_run
from tests import worked_forces as worked
from tests.conftest import Result, run_here

RECIPE = worked.ADAPT.split("\n## An incident extract\n")[1].split("\n## ")[0]
CODES = {"Ashford": "E07000105", "Dartford": "E07000107"}
LAST_SEARCHES = datetime(2021, 6, 5, 6)
Days = tuple[str, str]


def file_of_recipe(name: str) -> str:
    """A file of `config/` as the recipe shows it."""
    return (
        RECIPE.split(f"`my_home/config/{name}`:\n\n```", 1)[1]
        .split("```")[0]
        .split("\n", 1)[1]
    )


def moments(last: datetime) -> list[datetime]:
    """The 5th of each month, from November 2020 on."""
    days = pandas.date_range("2020-11-01", last, freq="MS") + timedelta(days=4, hours=6)
    return [day.to_pydatetime() for day in days if day <= last]


def deliver(folder: Path, last: datetime, seed: int) -> None:
    """Deltas by month; each also cancels an incident of the one before.

    The ids are numbers from 1 on, so all extracts have ids in common. Their first
    incidents are the same in every column.
    """
    chance, number, cancelled = Random(seed), 0, None
    begin = datetime(2019, 10, 1)
    for moment in moments(last):
        rows = [cancelled] if cancelled else []
        while begin < moment - timedelta(hours=12):
            number += 1
            # No clock shows 01:30 once a year, and twice on another day.
            time = begin.replace(hour=max(begin.hour, 2))
            rows.append(
                {
                    "Log": str(number),
                    "Created": f"{time:%d/%m/%Y %H:%M}",
                    "Type": chance.choice(["Noise", "ROWDY BEHAVIOUR", "Begging", ""]),
                    "District": chance.choice(list(CODES)),
                    "Duplicate": "Yes" if chance.randrange(9) == 0 else "No",
                }
            )
            begin += timedelta(hours=chance.randrange(4, 24))
        if moment == moments(last)[0]:
            rows[0] |= {"Type": "Noise", "District": "Ashford", "Duplicate": "No"}
        cancelled = rows[-5] | {"Duplicate": "Yes"}
        path = folder / f"{folder.name}_{moment:%Y%m%dT%H%M%S}.csv"
        pandas.DataFrame(rows).to_csv(path, index=False)


def spoil(folder: Path) -> None:
    """Give one line of the second file a date that does not exist, another no id."""
    path = sorted(folder.iterdir())[1]
    rows = pandas.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[3, "Created"], rows.loc[7, "Log"] = "31/02/2021 10:00", ""
    rows.to_csv(path, index=False)


def counts(folder: Path, is_kept) -> dict[Days, int]:
    """Month and district → incidents, from the files alone."""
    frames = [
        pandas.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted(folder.iterdir())
    ]
    rows = pandas.concat(frames, ignore_index=True)
    day = pandas.to_datetime(rows["Created"], format="%d/%m/%Y %H:%M", errors="coerce")
    rows = rows.assign(month=day.dt.strftime("%Y-%m"))[
        day.notna() & (rows["Log"] != "")
    ]
    rows = rows.drop_duplicates("Log", keep="last")
    rows = rows[(rows["Duplicate"] == "No") & is_kept(rows)]
    found = rows.groupby(["month", "District"]).size()
    return {(month, CODES[name]): int(n) for (month, name), n in found.items()}


def configured(home: Home) -> None:
    own = worked.kent_config()
    added = file_of_recipe("measures.csv").split("\n", 1)[1]
    own["measures.csv"] += added
    for name in ("extracts", "supplementary_measures", "incident_measures"):
        own[f"{name}.csv"] = file_of_recipe(f"{name}.csv")
    mapping = file_of_recipe("mappings/asb.yml")
    own |= {"mappings/asb.yml": mapping, "mappings/stop_and_search.yml": mapping}
    worked.configure(home.config, own)


@pytest.fixture(scope="module")
def incidents(first_build: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Kent's home with anti-social behaviour, and searches that stop in June 2021."""
    home = Home(tmp_path_factory.mktemp("incidents") / "home")
    assert run_here("start", "--force", "kent", "--data", str(home.root)).exit_code == 0
    configured(home)
    worked.deliver_kent(home.landing)
    for name in ("asb", "stop_and_search"):
        (home.landing / name).mkdir()
    deliver(home.landing / "asb", datetime(2021, 11, 5, 6), 1)
    deliver(home.landing / "stop_and_search", LAST_SEARCHES, 2)
    spoil(home.landing / "asb")
    said = run_here("check-config", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    result = compiled_run.run(first_build, home.root, "kent")
    assert result.exit_code == 0, result.output
    return result


def monthly(result: Result, measure: str, first: str, last: str) -> dict[Days, int]:
    """Month and district → the figure, where there is one above 0."""
    rows = result.rows(
        "select strftime(month, '%Y-%m'), area_code, value::int"
        f" from marts.fct_measures_monthly where measure_code = '{measure}'"
        " and area_level = 'district' and value > 0"
        f" and strftime(month, '%Y-%m') between '{first}' and '{last}'"
    )
    return {(month, area): value for month, area, value in rows}


@pytest.mark.parametrize(
    ("measure", "is_kept"),
    [
        ("asb", lambda rows: rows["Log"] != ""),
        (
            "asb_nuisance",
            lambda rows: rows["Type"].str.lower().isin(["noise", "rowdy behaviour"]),
        ),
    ],
)
def test_the_figures_of_an_incident_extract_are_a_count_of_its_files(
    incidents: Result, measure: str, is_kept
):
    expected = counts(incidents.home.landing / "asb", is_kept)
    expected = {key: n for key, n in expected.items() if key[0] < "2021-11"}
    assert len(expected) == 25 * len(CODES)
    assert monthly(incidents, measure, "2019-10", "2021-10") == expected


def test_an_incident_extract_that_stops_has_months_not_supplied_and_no_zeros(
    incidents: Result,
):
    expected = counts(
        incidents.home.landing / "stop_and_search", lambda rows: rows["Log"] != ""
    )
    expected = {key: n for key, n in expected.items() if key[0] < "2021-06"}
    assert monthly(incidents, "stop_and_search", "2019-10", "2021-05") == expected
    later = (
        "select count(*), count(value), bool_or(is_supplied)"
        " from marts.fct_measures_monthly where measure_code = '{}'"
        " and month between '2021-06-01' and '2021-09-01'"
    )
    (searches,) = incidents.rows(later.format("stop_and_search"))
    (asb,) = incidents.rows(later.format("asb"))
    assert searches[0] > 0 and searches[1:] == (0, False)
    assert asb[0] == asb[1] and asb[2]


def test_a_line_of_an_incident_extract_that_breaks_the_contract_is_held_by_name(
    incidents: Result,
):
    held = incidents.rows(
        "select lines.extract, reasons.reason_code, reasons.extract_column"
        " from (select *, unnest(quarantine_reasons) as reason_code"
        " from marts.fct_quarantined_lines) as lines"
        " inner join marts.dim_quarantine_reasons as reasons"
        " on lines.extract = reasons.extract"
        " and lines.reason_code = reasons.reason_code"
        " where lines.extract <> 'crimes' order by all"
    )
    assert held == [
        ("asb", "incident_id_missing", "incident_id"),
        ("asb", "reported_at_not_mapped", "reported_at"),
    ]


def test_the_pack_has_the_measures_of_an_incident_extract(incidents: Result):
    page = compiled_run.page(incidents, worked.QUARTER)
    assert "Anti-social behaviour" in page
