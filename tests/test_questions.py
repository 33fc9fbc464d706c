"""The questions of docs/questions.md, and twelve answers computed by pandas.

pandas reads the delivered files and not the warehouse: a crime is its last good line up
to a day, and lists come from the seeds.
"""

import re
from dataclasses import dataclass

import pandas
import pytest

from dagster_project import settings
from tests.conftest import Result
from tests.documents import DOCS, ask

QUESTIONS = DOCS / "questions.md"
QUESTION = re.compile(r"^(\d+)\. .+\n\n```sql\n([^`]+)```", re.MULTILINE)
NUMBERS = range(11, 28)
FIRST, LAST = "2020-10", "2021-09"
TIMES = ("recorded_at", "committed_from", "committed_to", "outcome_date")
FLAGS = (
    "is_domestic_abuse",
    "is_hate_crime",
    "is_online",
    "is_night_time_economy",
)


def questions() -> dict[int, str]:
    """Return the SQL of each question of the page, by its number."""
    found = QUESTION.findall(QUESTIONS.read_text("utf-8"))
    return {int(number): sql for number, sql in found}


def seed(name: str, **options: object) -> pandas.DataFrame:
    return pandas.read_csv(settings.seed(name), dtype=str, **options)


def is_good(lines: pandas.DataFrame) -> pandas.Series:
    """Return whether a line keeps its contract, for the mistakes of the
    demonstration.
    """
    good = lines[["crime_id", "recorded_at", *FLAGS]].notna().all(axis=1)
    good &= lines["offence_code"].isin(seed("offences")["offence_code"])
    good &= lines["crime_status"].isin(["Recorded", "Transferred", "Cancelled"])
    for flag in FLAGS:
        good &= lines[flag].isin(["Y", "N"])
    for name in TIMES:
        form = "%Y-%m-%d" if name == "outcome_date" else "%Y-%m-%dT%H:%M:%S"
        read = pandas.to_datetime(lines[name], format=form, errors="coerce")
        good &= read.notna() | lines[name].isna()
        good &= ~(read >= "2100")
    return good & ~lines.duplicated(["file", "crime_id"], keep=False)


@dataclass(frozen=True)
class Delivered:
    """All good lines in order of extraction, and the lists that explain them."""

    lines: pandas.DataFrame
    districts: pandas.DataFrame

    def crimes(self, until: str = "9999") -> pandas.DataFrame:
        """Return each crime by its last line up to a day, with names for its codes."""
        known = self.lines[self.lines["file"] < f"crimes_{until}"]
        last = known.drop_duplicates("crime_id", keep="last")
        last = last.merge(seed("offences"), on="offence_code")
        return last.merge(self.districts, on="district_code", how="left")

    def counted(self, first: str = FIRST, last: str = LAST) -> pandas.DataFrame:
        """Return the crimes that count, in the months from `first` to `last`."""
        crimes = self.crimes()
        months = crimes["month"].between(first, last)
        return crimes[(crimes["crime_status"] == "Recorded") & months]


@pytest.fixture(scope="module")
def delivered(demonstration: Result) -> Delivered:
    frames = [
        pandas.read_csv(path, dtype=str, on_bad_lines="skip").assign(file=path.name)
        for path in sorted((demonstration.home.landing / "crimes").iterdir())
    ]
    lines = pandas.concat(frames, ignore_index=True)
    lines = lines[is_good(lines)].copy()
    lines["month"] = lines["recorded_at"].str[:7]
    for name in TIMES:
        lines[name] = pandas.to_datetime(lines[name], format="ISO8601")
    ours = seed("districts").query("force_code == 'essex'").drop(columns="lpa_name")
    own = pandas.read_csv(settings.DEMONSTRATION_CONFIG / "districts.csv", dtype=str)
    lpas = own[["district_code", "lpa_name"]]
    return Delivered(lines, ours.merge(lpas, on="district_code", how="left"))


def rows(frame: pandas.DataFrame) -> list[tuple]:
    return [tuple(row) for row in frame.itertuples(index=False)]


def burglaries(delivered: Delivered) -> pandas.DataFrame:
    crimes = delivered.counted()
    return crimes[crimes["offence_subgroup"] == "Domestic burglary"]


def hot_spots(delivered: Delivered) -> list[tuple]:
    of_areas = burglaries(delivered).groupby(["district_name", "lsoa_code"]).size()
    sizes = of_areas.reset_index(name="crimes")
    return rows(sizes.sort_values(["crimes", "lsoa_code"], ascending=[False, True])[:5])


def solved_rates(delivered: Delivered) -> list[tuple]:
    wanted = ["Domestic burglary", "Robbery of personal property"]
    wanted.append("Violence with injury")
    crimes = delivered.counted(first="2000-01")
    crimes = crimes[crimes["offence_subgroup"].isin(wanted)]
    positive = seed("outcomes").query("is_positive == 'true'")["outcome_code"]
    crimes = crimes.assign(
        recorded=crimes["month"] >= FIRST,
        solved=crimes["outcome_code"].isin(positive)
        & crimes["outcome_date"].between("2020-10-01", "2021-09-30"),
    )
    sums = crimes.groupby(["offence_subgroup", "lpa_name"])[
        ["recorded", "solved"]
    ].sum()
    sums["pct"] = (100 * sums["solved"] / sums["recorded"]).round(1)
    return rows(sums.reset_index())


def nights(delivered: Delivered) -> list[tuple]:
    crimes = delivered.counted()
    crimes = crimes[crimes["is_night_time_economy"] == "Y"]
    start = crimes["committed_from"]
    near = crimes["committed_to"].fillna(start) - start <= pandas.Timedelta(hours=1)
    start = start[near]
    sizes = start.groupby([start.dt.dayofweek, start.dt.day_name(), start.dt.hour])
    found = [(day, name, hour, n) for (day, name, hour), n in sizes.size().items()]
    found.sort(key=lambda row: (-row[3], row[0], row[2]))
    return [row[1:] for row in found[:6]]


def days_to_record(delivered: Delivered) -> list[tuple]:
    crimes = delivered.counted()
    latest = crimes["committed_to"].fillna(crimes["committed_from"])
    days = (crimes["recorded_at"].dt.normalize() - latest.dt.normalize()).dt.days
    grouped = days.groupby(crimes["offence_group"])
    found = [
        (name, len(of), round(of.median()), round(100 * (of > 30).mean(), 1))
        for name, of in grouped
    ]
    return sorted(found, key=lambda row: (-row[3], row[0]))


def repeat_places(delivered: Delivered) -> list[tuple]:
    grouped = burglaries(delivered).groupby("lsoa_code")["month"]
    found = [(area, months.nunique(), len(months)) for area, months in grouped]
    return sorted(found, key=lambda row: (-row[1], -row[2], row[0]))[:5]


def reclassified(delivered: Delivered) -> list[tuple]:
    lines = delivered.lines.merge(seed("offences"), on="offence_code")
    lines = lines.sort_values(["crime_id", "file"], kind="stable")
    before = lines.groupby("crime_id")[["offence_code", "offence_subgroup"]].shift()
    lines["before"] = before["offence_subgroup"]
    changed = lines[
        before["offence_code"].notna()
        & (before["offence_subgroup"] != lines["offence_subgroup"])
        & (lines["crime_status"] == "Recorded")
        & lines["file"].between("crimes_20210818", "crimes_20211118")
    ]
    sizes = changed.groupby(["before", "offence_subgroup"]).size()
    found = [(*names, size) for names, size in sizes.items()]
    return sorted(found, key=lambda row: (-row[2], row[0], row[1]))[:6]


def newly_reported(delivered: Delivered) -> list[tuple]:
    first = delivered.lines.drop_duplicates("crime_id")
    new = first[first["file"] == first["file"].max()]
    new = new[new["crime_status"] == "Recorded"]
    sizes = new.groupby("month").size()
    return [(f"{month}-01", size) for month, size in sizes[::-1].items()]


def by_district(delivered: Delivered, first: str, last: str) -> pandas.Series:
    return delivered.counted(first, last).groupby("district_name").size()


def ranks(delivered: Delivered) -> list[tuple]:
    frame = pandas.DataFrame(
        {
            "now": by_district(delivered, FIRST, LAST),
            "before": by_district(delivered, "2019-10", "2020-09"),
        }
    )
    ranked = frame.rank(ascending=False, method="min").astype(int)
    joined = ranked.join(frame, rsuffix="_count").reset_index()
    return rows(joined[joined["now"] != joined["before"]].sort_values("now"))


def rates(delivered: Delivered) -> list[tuple]:
    people = delivered.districts.set_index("district_name")["population"].astype(int)
    crimes = by_district(delivered, FIRST, LAST)
    rate = (1000 * crimes / people).round(1)
    found = [(name, crimes[name], rate[name]) for name in crimes.index]
    return sorted(found, key=lambda row: -row[2])[:5]


def known_then_and_now(delivered: Delivered) -> list[tuple]:
    counts = []
    for crimes in (delivered.crimes(until="20210818"), delivered.crimes()):
        months = crimes["month"].between("2021-04", "2021-06")
        counts.append(int((months & (crimes["crime_status"] == "Recorded")).sum()))
    return [tuple(counts)]


def robberies(delivered: Delivered) -> list[tuple]:
    crimes = delivered.counted("2021-07", "2021-09")
    crimes = crimes[crimes["offence_group"] == "Robbery"]
    names = seed("outcomes").set_index("outcome_code")["outcome_name"]
    sizes = crimes["outcome_code"].map(names).fillna("No outcome yet").value_counts()
    return sorted(sizes.items(), key=lambda row: (-row[1], row[0]))[:6]


def police_quarters(delivered: Delivered) -> list[tuple]:
    crimes = delivered.counted("2020-04", LAST)
    starts = crimes["recorded_at"] - pandas.DateOffset(months=3)
    found = {}
    for year, quarter in zip(starts.dt.year, starts.dt.quarter, strict=True):
        label = f"Q{quarter} {year}/{(year + 1) % 100}"
        found[(year, quarter, label)] = found.get((year, quarter, label), 0) + 1
    return [(label, found[key]) for key in sorted(found) for label in key[2:]]


BY_ANOTHER_ROUTE = {
    11: hot_spots,
    12: solved_rates,
    13: nights,
    14: days_to_record,
    15: repeat_places,
    16: reclassified,
    17: newly_reported,
    18: ranks,
    21: rates,
    22: known_then_and_now,
    23: robberies,
    24: police_quarters,
}


def test_the_questions_are_numbered_on_and_each_names_its_trap():
    assert list(questions()) == list(NUMBERS)
    assert QUESTIONS.read_text("utf-8").count("\n**Trap:** ") == len(NUMBERS)


@pytest.mark.parametrize("number", BY_ANOTHER_ROUTE)
def test_an_answer_is_the_same_by_another_route(
    demonstration: Result, delivered: Delivered, number: int
):
    answer = ask(demonstration.home.current, questions()[number])
    computed = [
        f"| {' | '.join(str(value) for value in row)} |"
        for row in BY_ANOTHER_ROUTE[number](delivered)
    ]
    assert answer.splitlines()[2:] == computed
