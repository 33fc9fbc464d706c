"""The work of plain.sql in polars, from the files of a landing folder to Parquet.

`python -m tests.benchmarks.in_polars FOLDER OUTPUT`, as in_pandas. polars is not one of
the project's packages: without it, `make bench` leaves this script out and says so.
"""

import sys
from pathlib import Path

import polars as pl

from dagster_project import settings

FLAGS = {
    "domestic_abuse": "is_domestic_abuse",
    "hate_crime": "is_hate_crime",
    "online": "is_online",
    "night_time_economy": "is_night_time_economy",
}
TIMES = ("recorded_at", "committed_from", "committed_to")
PROFILE = ["offence_code", "keywords", *FLAGS.values()]
CELL = ["measure_code", "month", "area_code"]
OTHERS = ["UNKNOWN", "OUTSIDE", "NOT_RECOGNISED"]


def seed(name: str) -> pl.DataFrame:
    return pl.read_csv(settings.SEEDS / name, infer_schema_length=0)


def delivered(folder: Path) -> pl.LazyFrame:
    """Every line with its file's number and time of extraction."""
    found = []
    for number, path in enumerate(sorted(folder.iterdir())):
        if path.suffix == ".csv":
            # A line that has too many values is left out, as the other scripts do.
            lines = pl.scan_csv(path, infer_schema=False, truncate_ragged_lines=True)
        else:
            lines = pl.scan_parquet(path).cast(pl.String)
        moment = path.name.partition(".")[0].rpartition("_")[2]
        found.append(
            lines.with_columns(
                pl.lit(moment).str.to_datetime("%Y%m%dT%H%M%S").alias("extracted_at"),
                pl.lit(number).alias("load"),
            ).with_row_index("line")
        )
    every = pl.concat(found)
    key = pl.col("crime_id").str.strip_chars().str.to_lowercase()
    return every.with_columns(is_repeated=pl.struct(key, "load").is_duplicated())


def typed(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Texts without spaces around them; times, dates and flags by their types."""
    names = [name for name, kind in lines.collect_schema().items() if kind == pl.String]
    stripped = lines.with_columns(
        pl.col(name).str.strip_chars().replace("", None) for name in names
    )
    return stripped.with_columns(
        *(
            pl.col(name)
            .str.replace("T", " ", literal=True)
            .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
            .alias(f"{name}_typed")
            for name in TIMES
        ),
        pl.col("outcome_date").str.to_date("%Y-%m-%d", strict=False).alias("outcome"),
        *(
            pl.col(name)
            .str.to_uppercase()
            .replace_strict({"Y": True, "N": False}, default=None)
            for name in FLAGS.values()
        ),
    )


def accepted(lines: pl.LazyFrame, offences: pl.DataFrame) -> pl.LazyFrame:
    """The lines that keep the rules of the contract."""
    recorded, first = pl.col("recorded_at_typed"), pl.col("committed_from_typed")
    last, seen = pl.col("committed_to_typed"), pl.col("extracted_at")
    outcome = pl.col("outcome")
    known = ["Recorded", "Transferred", "Cancelled"]
    rules = [
        pl.col("crime_id").is_not_null(),
        ~pl.col("is_repeated"),
        recorded.is_not_null(),
        pl.col("offence_code").is_in(offences["offence_code"].to_list()),
        pl.col("crime_status").is_in(known),
        recorded <= seen,
        (first <= recorded).fill_null(True),
        (first <= last).fill_null(True),
        (last <= seen).fill_null(True),
        pl.col("outcome_code").is_null() | outcome.is_not_null(),
        ((outcome >= recorded.dt.date()) & (outcome <= seen.dt.date())).fill_null(True),
        pl.col("outcome_date").is_null() | outcome.is_not_null(),
    ]
    rules += [
        pl.col(name).is_null() | pl.col(f"{name}_typed").is_not_null()
        for name in ("committed_from", "committed_to")
    ]
    rules += [pl.col(name).is_not_null() for name in FLAGS.values()]
    return lines.filter(pl.all_horizontal(rules))


def current(lines: pl.LazyFrame) -> pl.DataFrame:
    """The newest version of each crime, where it counts."""
    districts = seed("reference/districts.csv")
    own = districts.filter(force_code="essex")["district_code"].to_list()
    code = pl.col("district_code")
    newest = (
        lines.sort("extracted_at", "load", "line")
        .unique("crime_id", keep="last")
        .filter(pl.col("crime_status") == "Recorded")
    )
    return newest.select(
        "crime_id",
        "offence_code",
        pl.col("keywords").fill_null(""),
        *FLAGS.values(),
        pl.when(code.is_null())
        .then(pl.lit("UNKNOWN"))
        .when(~code.is_in(districts["district_code"].to_list()))
        .then(pl.lit("NOT_RECOGNISED"))
        .when(code.is_in(own))
        .then(code)
        .otherwise(pl.lit("OUTSIDE"))
        .alias("area_code"),
        pl.col("recorded_at_typed").dt.date().dt.truncate("1mo").alias("month"),
    ).collect()


def measured(crimes: pl.DataFrame, offences: pl.DataFrame) -> pl.DataFrame:
    """One row for each crime and measure towards which it counts."""
    rules = seed("force/measure_rules.csv").filter(pl.col("crime_type").is_null())
    profiles = crimes.select(PROFILE).unique().join(offences, on="offence_code")
    words = pl.col("keywords").str.to_lowercase().str.split("|")
    words = words.list.eval(pl.element().str.strip_chars())
    found = []
    for rule in rules.iter_rows(named=True):
        wanted = [
            pl.col(name) == rule[name]
            for name in ("offence_group", "offence_subgroup", "offence_code")
            if rule[name]
        ]
        if rule["keyword"]:
            wanted.append(words.list.contains(rule["keyword"].lower()))
        if rule["flag"]:
            wanted.append(pl.col(FLAGS[rule["flag"]]))
        fits = profiles.filter(pl.all_horizontal(wanted)) if wanted else profiles
        code = pl.lit(rule["measure_code"]).alias("measure_code")
        found.append(fits.select(*PROFILE, code))
    return crimes.join(pl.concat(found).unique(), on=PROFILE).select("crime_id", *CELL)


def monthly(measures: pl.DataFrame, crimes: pl.DataFrame) -> pl.DataFrame:
    """Counts by measure, month and district, with zeros."""
    rules, districts = seed("force/measure_rules.csv"), seed("reference/districts.csv")
    own = districts.filter(force_code="essex")["district_code"].to_list()
    month = crimes["month"]
    cells = (
        rules.filter(pl.col("crime_type").is_null())
        .select(pl.col("measure_code").unique())
        .join(
            pl.date_range(month.min(), month.max(), "1mo", eager=True)
            .alias("month")
            .to_frame(),
            how="cross",
        )
        .join(pl.DataFrame({"area_code": [*own, *OTHERS]}), how="cross")
    )
    counts = measures.group_by(CELL).len("value")
    return cells.join(counts, on=CELL, how="left").with_columns(
        pl.col("value").fill_null(0)
    )


def rolled(counts: pl.DataFrame) -> pl.DataFrame:
    """Twelve months and the twelve before, by measure, month and district."""
    area = ["measure_code", "area_code"]
    current = pl.col("value").rolling_sum(12, min_samples=1).over(area)
    rolling = counts.sort("month").with_columns(current_12_months=current)
    return rolling.select(
        *area,
        pl.col("month").alias("period_end"),
        "current_12_months",
        pl.col("current_12_months").shift(12).over(area).alias("previous_12_months"),
    )


def main(folder: Path, output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    offences = seed("reference/offences.csv").select(
        "offence_code", "offence_group", "offence_subgroup"
    )
    crimes = current(accepted(typed(delivered(folder)), offences))
    measures = measured(crimes, offences)
    counts = monthly(measures, crimes)
    measures.write_parquet(output / "crime_measures.parquet")
    counts.write_parquet(output / "monthly.parquet")
    rolled(counts).write_parquet(output / "rolling.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
