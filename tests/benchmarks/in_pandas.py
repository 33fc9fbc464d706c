"""The work of plain.sql in pandas, from the files of a landing folder to Parquet.

`python -m tests.benchmarks.in_pandas FOLDER OUTPUT`: FOLDER has the delivered crimes.
The counts by measure, month and district, and the crimes of each measure, go to OUTPUT.
"""

import sys
from pathlib import Path

import pandas as pd

from dagster_project import settings

FLAGS = {
    "domestic_abuse": "is_domestic_abuse",
    "hate_crime": "is_hate_crime",
    "online": "is_online",
    "night_time_economy": "is_night_time_economy",
}
TIMES = ("recorded_at", "committed_from", "committed_to")
PROFILE = ["offence_code", "keywords", *FLAGS.values()]
STAMP = "%Y%m%dT%H%M%S"


def seed(name: str) -> pd.DataFrame:
    return pd.read_csv(settings.SEEDS / name, dtype=str)


def delivered(folder: Path) -> pd.DataFrame:
    """Every line with its file's number and time of extraction."""
    found = []
    for number, path in enumerate(sorted(folder.iterdir())):
        read = pd.read_csv if path.suffix == ".csv" else pd.read_parquet
        is_csv = path.suffix == ".csv"
        options = {"dtype": str, "on_bad_lines": "skip"} if is_csv else {}
        lines = read(path, **options)
        moment = path.name.partition(".")[0].rpartition("_")[2]
        lines["extracted_at"] = pd.to_datetime(moment, format=STAMP)
        lines["load"] = number
        found.append(lines)
    every = pd.concat(found, ignore_index=True)
    lower = every.crime_id.str.strip().str.lower()
    every["is_repeated"] = pd.DataFrame({"key": lower, "load": every.load}).duplicated(
        keep=False
    )
    return every


def typed(lines: pd.DataFrame) -> pd.DataFrame:
    """Texts without spaces around them; times, dates and flags by their types."""
    for name in lines.columns:
        if name not in ("extracted_at", "load", "is_repeated"):
            text = lines[name].str.strip()
            lines[name] = text.mask(text == "")
    for name in (*TIMES, "outcome_date"):
        lines[f"{name}_text"] = lines[name]
        form = "%Y-%m-%d" if name == "outcome_date" else "ISO8601"
        lines[name] = pd.to_datetime(lines[name], format=form, errors="coerce")
    for name in FLAGS.values():
        lines[name] = lines[name].str.upper().map({"Y": True, "N": False})
    return lines


def accepted(lines: pd.DataFrame, offences: pd.DataFrame) -> pd.DataFrame:
    """The lines that keep the rules of the contract."""
    day, seen = lines.recorded_at.dt.normalize(), lines.extracted_at
    keeps = (
        lines.crime_id.notna()
        & ~lines.is_repeated
        & lines.recorded_at.notna()
        & lines.offence_code.isin(offences.offence_code)
        & lines.crime_status.isin(["Recorded", "Transferred", "Cancelled"])
        & (lines.recorded_at <= seen)
        & ~(lines.committed_from > lines.recorded_at)
        & ~(lines.committed_from > lines.committed_to)
        & ~(lines.committed_to > seen)
        & (lines.outcome_code.isna() | lines.outcome_date.notna())
        & ~((lines.outcome_date < day) | (lines.outcome_date > seen.dt.normalize()))
    )
    for name in ("committed_from", "committed_to", "outcome_date"):
        keeps &= lines[f"{name}_text"].isna() | lines[name].notna()
    for name in FLAGS.values():
        keeps &= lines[name].notna()
    return lines[keeps]


def current(lines: pd.DataFrame) -> pd.DataFrame:
    """The newest version of each crime, where it counts."""
    lines = lines.reset_index(names="line").sort_values(
        ["extracted_at", "load", "line"], kind="stable"
    )
    lines = lines.drop_duplicates("crime_id", keep="last")
    lines = lines[lines.crime_status == "Recorded"].copy()
    districts = seed("reference/districts.csv")
    own = districts[districts.force_code == "essex"].district_code
    code = lines.district_code
    area = code.where(code.isin(own), "OUTSIDE")
    area = area.mask(~code.isin(districts.district_code), "NOT_RECOGNISED")
    lines["district_code"] = area.mask(code.isna(), "UNKNOWN")
    lines["recorded_month"] = lines.recorded_at.dt.to_period("M").dt.to_timestamp()
    lines["keywords"] = lines.keywords.fillna("")
    return lines


def measured(crimes: pd.DataFrame, offences: pd.DataFrame) -> pd.DataFrame:
    """One row for each crime and measure towards which it counts."""
    rules = seed("force/measure_rules.csv")
    rules = rules[rules.crime_type.isna()]
    profiles = crimes[PROFILE].drop_duplicates().merge(offences, on="offence_code")
    words = profiles.keywords.str.lower().str.split("|", regex=False)
    words = words.map(lambda each: {word.strip() for word in each})
    found = []
    for rule in rules.itertuples():
        fits = pd.Series(True, index=profiles.index)
        for name in ("offence_group", "offence_subgroup", "offence_code"):
            if isinstance(value := getattr(rule, name), str):
                fits &= profiles[name] == value
        if isinstance(rule.keyword, str):
            wanted = rule.keyword.lower()
            fits &= words.map(lambda each, wanted=wanted: wanted in each)
        if isinstance(rule.flag, str):
            fits &= profiles[FLAGS[rule.flag]].astype(bool)
        found.append(profiles[fits][PROFILE].assign(measure_code=rule.measure_code))
    every = pd.concat(found).drop_duplicates()
    return crimes.merge(every, on=PROFILE)[
        ["crime_id", "measure_code", "district_code", "recorded_month"]
    ]


def monthly(measures: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """Counts by measure, month and district, with zeros."""
    rules, districts = seed("force/measure_rules.csv"), seed("reference/districts.csv")
    own = districts[districts.force_code == "essex"].district_code
    codes = rules[rules.crime_type.isna()].measure_code.unique()
    months = pd.date_range(
        crimes.recorded_month.min(), crimes.recorded_month.max(), freq="MS"
    )
    cells = pd.MultiIndex.from_product(
        [codes, months, [*own, "UNKNOWN", "OUTSIDE", "NOT_RECOGNISED"]],
        names=["measure_code", "month", "area_code"],
    )
    named = measures.rename(
        columns={"recorded_month": "month", "district_code": "area_code"}
    )
    counts = named.groupby(list(cells.names)).size()
    return counts.reindex(cells, fill_value=0).reset_index(name="value")


def rolled(counts: pd.DataFrame) -> pd.DataFrame:
    """Twelve months and the twelve before, by measure, month and district."""
    wide = counts.pivot_table(
        index="month", columns=["measure_code", "area_code"], values="value"
    )
    current = wide.rolling(12, min_periods=1).sum()
    every = pd.concat(
        {"current_12_months": current, "previous_12_months": current.shift(12)},
        names=["name"],
    )
    long = every.stack(["measure_code", "area_code"], future_stack=True)
    found = long.unstack("name").reset_index()
    return found.rename(columns={"month": "period_end"})


def main(folder: Path, output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    offences = seed("reference/offences.csv")[
        ["offence_code", "offence_group", "offence_subgroup"]
    ]
    crimes = current(accepted(typed(delivered(folder)), offences))
    measures = measured(crimes, offences)
    counts = monthly(measures, crimes)
    measures.to_parquet(output / "crime_measures.parquet")
    counts.to_parquet(output / "monthly.parquet")
    rolled(counts).to_parquet(output / "rolling.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
