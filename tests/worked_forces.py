"""Two invented forces as their systems export them, and all that their homes decide.

Kent exports CSV files with titles, its own codes and words, week by week. Greater
Manchester keeps workbooks with a sheet for each month. `counts_of_…` count the files
with pandas, which shares no code with the program.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pandas

from dagster_project import settings
from tests.intake_files import workbook

QUARTER = "2021-22-q2"
FIRST_DAY = date(2019, 10, 1)
PERIODS = {
    "previous_12_months": ("2019-10-01", "2020-10-01"),
    "current_12_months": ("2020-10-01", "2021-10-01"),
}
ADAPT = (settings.REPOSITORY / "docs" / "adapt.md").read_text(encoding="utf-8")

Row = dict[str, object]
Counts = dict[tuple[str, str], tuple[int, int]]


def documented(name: str) -> str:
    """The file of `config/` that docs/adapt.md shows as its example."""
    return ADAPT.split(f"`my_home/config/{name}.csv`:\n\n```csv\n", 1)[1].split("```")[
        0
    ]


def configure(config: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (config / name).write_text(text, encoding="utf-8")


def name_areas(config: Path, area_of: dict[str, str]) -> None:
    """Write the local policing area of each district into the file of the home."""
    path = config / "districts.csv"
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    frame["lpa_name"] = frame["district_name"].map(area_of)
    frame.to_csv(path, index=False)


# ---- Kent ----

THEMES = {
    "victims": "Victims First",
    "domestic_abuse": "Domestic Abuse",
    "young": "Children and Young People",
    "homes": "Safe Homes",
    "serious_violence": "Serious Violence",
    "hostility": "No Place for Hostility",
    "online": "Safe Online",
    "roads": "Safer Roads",
    "rural": "Farms and Villages",
    "business": "Shops and Workshops",
    "coast": "Coast and Harbours",
    "exploitation": "Hidden Harm",
    "reoffending": "Breaking Repeat Offending",
    "trust": "Trust and Confidence",
}
KENT_AREAS = {"Ashford": "East", "Canterbury": "East", "Dartford": "West"}
KENT_INFORMED = {
    "domestic_abuse": "domestic_abuse",
    "child_victims": "young",
    "residential_burglary": "homes",
    "knife_crime": "serious_violence",
    "hate_crime": "hostility",
    "cyber_crime": "online",
}
KENT_MAPPING = """\
file:
  delimiter: semicolon
  encoding: windows-1252
  header_row: 4
  footer: Total records
  empty: n/k
columns:
  crime_id: {from: Crime Ref, prefix: K-}
  recorded_at:
    {from: [Date, Time], join: " ", format: dd/MM/yyyy HH:mm, zone: Europe/London}
  committed_from: {always: ""}
  committed_to: {always: ""}
  offence_code: {from: HO Code, values: {8/54: 8N}, others: kept}
  district_code: {from: District, values: districts.csv}
  lsoa_code: {always: ""}
  keywords:
    from: Keywords
    separator: ", "
    values: {Knife: Knife, Blade: Knife, Drink: Alcohol}
    add:
      Victim Under 18: {"Yes": Child victim, "No": ""}
      Location: {School: At a school, Street: "", Dwelling: ""}
  is_domestic_abuse: {from: DA, yes: "Yes", no: "No"}
  is_hate_crime: {from: Hate, yes: "Yes", no: "No"}
  is_online: {from: Online, yes: "Yes", no: "No"}
  is_night_time_economy: {from: Night, yes: X, if_empty: N}
  crime_status: {from: Status, values: {Open: Recorded, No crime: Cancelled}}
  outcome_code: {from: Result, values: {Charged: "1", Youth caution: "2"}}
  outcome_date: {from: Result Date, format: dd/MM/yyyy}
ignore: [Officer]
"""
KENT_DISTRICTS = (
    "theirs,ours\nAshford,E07000105\nCanterbury,E07000106\nDartford,E07000107\n"
)
KENT_PLAN = """\
file: {delimiter: tab, encoding: utf-16}
columns:
  action_id: No
  strand_name: Theme
  action_title: What
  owner_role: {always: ""}
  start_date: {from: From, format: d MMMM yyyy}
  due_date: {from: By, format: d MMMM yyyy}
  completed_date: {always: ""}
  action_status: {from: State, values: {In hand: Ongoing}}
  is_at_risk: {from: RAG, yes: Red, no: [Amber, Green]}
  at_risk_reason: Why
  mitigation: {always: ""}
"""


def kent_config() -> dict[str, str]:
    """Fourteen themes, and the measure that docs/adapt.md makes of rows alone."""
    strands = "".join(
        f"kent_2021,{code},{name},{place}\n"
        for place, (code, name) in enumerate(THEMES.items(), start=1)
    )
    informed = "".join(
        f"kent_2021,{strand},{measure}\n" for measure, strand in KENT_INFORMED.items()
    )
    own = ("measures", "keywords", "measure_rules", "measure_exclusions")
    return {f"{name}.csv": documented(name) for name in own} | {
        "strategies.csv": "strategy_code,force_code,strategy_name,start_date,end_date\n"
        "kent_2021,kent,Making Kent Safer 2021-25,2021-04-01,2025-03-31\n",
        "strands.csv": "strategy_code,strand_code,strand_name,strand_position\n"
        + strands,
        "strand_measures.csv": "strategy_code,strand_code,measure_code\n" + informed,
        "reporting_calendar.csv": "force_code,quarter,cut_off_date\n"
        f"kent,{QUARTER},2021-11-17\n",
        "mappings/crimes.yml": KENT_MAPPING,
        "mappings/districts.csv": KENT_DISTRICTS,
        "mappings/actions.yml": KENT_PLAN,
    }


def _kent_crimes(last: date) -> list[Row]:
    chance = Random(17)

    def one_in(number: int) -> bool:
        return chance.randrange(number) == 0

    rows: list[Row] = []
    for day in _days(FIRST_DAY, last):
        for hour in (9, 15, 23):
            has_result = day < date(2021, 3, 1) and one_in(3)
            result = chance.choice(["Charged", "Youth caution"]) if has_result else ""
            later = day + timedelta(days=9)
            rows.append(
                {
                    "Crime Ref": f"{len(rows) + 1:05}/{day:%y}",
                    "Date": f"{day:%d/%m/%Y}",
                    "Time": f"{hour:02}:{chance.randrange(60):02}",
                    "HO Code": chance.choice(
                        ["8/54", "105A", "28E", "34B", "46", "17A"]
                    ),
                    "District": chance.choice(list(KENT_AREAS)),
                    "Keywords": chance.choice(["", "n/k", "Knife", "Drink, Blade"]),
                    "DA": "Yes" if one_in(4) else "No",
                    "Hate": "Yes" if one_in(5) else "No",
                    "Online": "Yes" if one_in(5) else "No",
                    "Night": "X" if one_in(5) else "",
                    "Status": "Open",
                    "Result": result,
                    "Result Date": f"{later:%d/%m/%Y}" if result else "",
                    "Victim Under 18": "Yes" if one_in(3) else "No",
                    "Location": chance.choice(["School", "Street", "Dwelling"]),
                    "Officer": "PC 12",
                }
            )
    return rows


def deliver_kent(landing: Path) -> None:
    """A history, then a file a week, each with an earlier crime that was no crime."""
    last = datetime(2021, 11, 17, 6)
    crimes = _kent_crimes(last.date())
    moment, sent = datetime(2021, 4, 7, 6), 0
    while moment <= last:
        until = next(
            (
                place
                for place in range(sent, len(crimes))
                if datetime.strptime(str(crimes[place]["Date"]), "%d/%m/%Y")
                >= moment - timedelta(hours=6)
            ),
            len(crimes),
        )
        rows = crimes[sent:until]
        if sent:
            rows = [*rows, crimes[sent // 2] | {"Status": "No crime"}]
        else:
            rows[100] = rows[100] | {"District": "Ashfrod"}
            rows[200] = rows[200] | {"Date": "31/02/2021"}
        _kent_file(landing / "crimes" / f"crimes_{moment:%Y%m%dT%H%M%S}.csv", rows)
        moment, sent = moment + timedelta(weeks=1), until
    plan = ["No\tTheme\tWhat\tFrom\tBy\tState\tRAG\tWhy"] + [
        f"K{place}\t{name}\tDo it\t1 April 2021\t31 March 2022\tIn hand\t"
        + ("Red\tNo staff" if place == 3 else "Green\t")
        for place, name in enumerate(THEMES.values(), start=1)
    ]
    path = landing / "actions" / f"actions_{last:%Y%m%dT%H%M%S}.csv"
    path.write_bytes("\r\n".join(plan).encode("utf-16"))


def _kent_file(path: Path, rows: list[Row]) -> None:
    text = io.StringIO(newline="")
    text.write("Crimes for performance: £;;\r\nRun by;J. Smith;\r\n\r\n")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    text.write(f"Total records;{len(rows)}\r\n")
    path.write_bytes(text.getvalue().encode("cp1252"))


def counts_of_kent(landing: Path) -> Counts:
    """Measure and area → counts of both years, from the exports alone."""
    frames = [
        pandas.read_csv(path, sep=";", skiprows=3, encoding="cp1252", dtype=str)
        for path in sorted((landing / "crimes").iterdir())
    ]
    crimes = pandas.concat(frames).fillna("")
    crimes = crimes[crimes["Crime Ref"] != "Total records"]
    crimes["day"] = pandas.to_datetime(
        crimes["Date"], format="%d/%m/%Y", errors="coerce"
    )
    # What the mapping does not know is held.
    crimes = crimes[crimes["day"].notna() & crimes["District"].isin(list(KENT_AREAS))]
    crimes = crimes.drop_duplicates("Crime Ref", keep="last")
    crimes = crimes[crimes["Status"] == "Open"]
    code, words = crimes["HO Code"], crimes["Keywords"]
    is_knife = words.str.contains("Knife|Blade")
    is_violence = code.isin(["8/54", "105A"])
    is_child = crimes["Victim Under 18"] == "Yes"
    is_listed = (is_violence | (code == "17A")) & is_child
    is_listed |= (crimes["Location"] == "School") & is_knife
    masks = {
        "domestic_abuse": crimes["DA"] == "Yes",
        "child_victims": is_listed
        & (crimes["DA"] == "No")
        & (crimes["Result"] != "Youth caution"),
        "residential_burglary": code == "28E",
        "knife_crime": is_knife & (is_violence | code.isin(["28E", "34B"])),
        "hate_crime": crimes["Hate"] == "Yes",
        "cyber_crime": crimes["Online"] == "Yes",
    }
    areas = crimes["District"].map(KENT_AREAS)
    return {
        (measure, area): _both_years(crimes["day"][mask & (areas == area)])
        for measure, mask in masks.items()
        for area in sorted(set(KENT_AREAS.values()))
    }


# ---- Greater Manchester ----

BOROUGHS = (
    *("Bolton", "Bury", "Manchester", "Oldham", "Rochdale"),
    *("Salford", "Stockport", "Tameside", "Trafford", "Wigan"),
)
MANCHESTER_MAPPING = """\
file: {sheet_as: Month, header_row: 2}
columns:
  crime_id: {from: Crime No, prefix: GM-}
  recorded_at:
    from: [Day, Month, Time]
    join: " "
    format: d MMM yyyy HH:mm
    zone: Europe/London
  committed_from: {always: ""}
  committed_to: {always: ""}
  offence_code: Offence
  district_code: {from: Borough, values: boroughs.csv}
  lsoa_code: {always: ""}
  keywords: {from: Tags, separator: /}
  is_domestic_abuse: {from: DV, yes: x, if_empty: N}
  is_hate_crime: {from: Hate, yes: x, if_empty: N}
  is_online: {always: N}
  is_night_time_economy: {from: Night, yes: x, if_empty: N}
  crime_status: {always: Recorded}
  outcome_code: {always: ""}
  outcome_date: {always: ""}
"""
MANCHESTER_STRANDS = {
    "homes": ("Safer Homes", "residential_burglary"),
    "nights": ("Safer Nights", "nte_crime"),
    "knives": ("Knives off the Street", "knife_crime"),
}


def manchester_config() -> dict[str, str]:
    strands = "".join(
        f"gm_2018,{code},{name},{place}\n"
        for place, (code, (name, _)) in enumerate(MANCHESTER_STRANDS.items(), start=1)
    )
    informed = "".join(
        f"gm_2018,{code},{measure}\n"
        for code, (_, measure) in MANCHESTER_STRANDS.items()
    )
    codes = "".join(
        f"{name},E080000{place:02}\n" for place, name in enumerate(BOROUGHS, start=1)
    )
    return {
        "strategies.csv": "strategy_code,force_code,strategy_name,start_date,end_date\n"
        "gm_2018,greater-manchester,Safer Together,2018-04-01,\n",
        "strands.csv": "strategy_code,strand_code,strand_name,strand_position\n"
        + strands,
        "strand_measures.csv": "strategy_code,strand_code,measure_code\n" + informed,
        "reporting_calendar.csv": "force_code,quarter,cut_off_date\n"
        f"greater-manchester,{QUARTER},2021-11-17\n",
        # A month's workbook comes once a month.
        "extracts.csv": "extract,cadence_days\ncrimes,31\n",
        "mappings/crimes.yml": MANCHESTER_MAPPING,
        "mappings/boroughs.csv": "theirs,ours\n" + codes,
    }


def deliver_manchester(landing: Path) -> None:
    """A workbook of 18 months, then one a month; the plan in the contract's columns."""
    chance = Random(23)
    header = [
        "Crime No",
        "Day",
        "Time",
        "Offence",
        "Borough",
        "Tags",
        "DV",
        "Hate",
        "Night",
    ]
    sheets: dict[str, list[list]] = {}
    for number, day in enumerate(_days(FIRST_DAY, date(2021, 11, 1))):
        sheet = sheets.setdefault(f"{day:%b %Y}", [["Crimes of the month"], header])
        sheet += [
            [
                10 * number + each,
                day.day,
                f"{chance.randrange(24):02}:{chance.randrange(60):02}",
                chance.choice(["28E", "34B", "8N", "46"]),
                chance.choice(BOROUGHS),
                chance.choice([None, "Knife", "Alcohol / Knife", "Alcohol"]),
                *(chance.choice(["x", None, None]) for _ in range(3)),
            ]
            for each in range(4)
        ]
    months = list(sheets)
    folder = landing / "crimes"
    for last in range(18, len(months) + 1):
        first = 0 if last == 18 else last - 1
        moment = datetime.strptime(months[last - 1], "%b %Y") + timedelta(days=36)
        path = folder / f"crimes_{moment:%Y%m05T060000}.xlsx"
        workbook(path, **{month: sheets[month] for month in months[first:last]})
    agreed = (
        *("action_id", "strand_name", "action_title", "owner_role", "start_date"),
        *("due_date", "completed_date", "action_status", "is_at_risk"),
        *("at_risk_reason", "mitigation"),
    )
    dates = (date(2021, 4, 1), date(2022, 3, 31))
    names = [name for name, _ in MANCHESTER_STRANDS.values()]
    actions = [
        [place, name, "Do it", None, *dates, None, "Ongoing", "N", None, None]
        for place, name in enumerate(names, start=1)
    ]
    plan = [list(agreed), *actions]
    workbook(landing / "actions" / "actions_20211117T060000.xlsx", Plan=plan)


def counts_of_manchester(landing: Path) -> Counts:
    """Measure and borough → counts of both years, from the workbooks alone."""
    frames = []
    for path in sorted((landing / "crimes").iterdir()):
        for month, frame in pandas.read_excel(path, sheet_name=None, header=1).items():
            day = frame["Day"].astype(str) + " " + month
            frames.append(frame.assign(day=pandas.to_datetime(day, format="%d %b %Y")))
    crimes = pandas.concat(frames)
    is_knife = crimes["Tags"].fillna("").str.contains("Knife")
    masks = {
        "residential_burglary": crimes["Offence"] == "28E",
        "nte_crime": crimes["Night"] == "x",
        "knife_crime": is_knife & crimes["Offence"].isin(["28E", "34B", "8N"]),
    }
    return {
        (measure, name): _both_years(crimes["day"][mask & (crimes["Borough"] == name)])
        for measure, mask in masks.items()
        for name in BOROUGHS
    }


def _days(first: date, before: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((before - first).days))


def _both_years(days: pandas.Series) -> tuple[int, int]:
    return tuple(int(((days >= a) & (days < b)).sum()) for a, b in PERIODS.values())
