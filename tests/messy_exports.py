"""Exports of an invented force as its systems write them, and their mappings.

The crimes come from a records system with other names, words and codes: they are the
example of docs/mapping.md. The expected texts are computed here by pandas, which reads
the same file independently.
"""

from pathlib import Path

import pandas

from dagster_project import settings

GUIDE = (settings.REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")


def _block(kind: str) -> str:
    """Return the first block of a kind in the guide."""
    return GUIDE.split(f"```{kind}\n", 1)[1].split("```", 1)[0]


CRIMES, CRIMES_MAPPING = _block("csv"), _block("yaml")
DISTRICTS = {"ashford": "E07000105", "dartford": "E07000107"}


def write(home: Path, name: str, mapping: str) -> Path:
    """Write a mapping of a home; return its path."""
    path = home / "config" / "mappings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mapping, encoding="utf-8")
    return path


def deliver(home: Path, extract: str, name: str, content: bytes) -> Path:
    path = home / "landing" / extract / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def expected_crimes(path: Path) -> pandas.DataFrame:
    """Return the good lines of CRIMES in the contract's columns, by pandas alone."""
    frame = pandas.read_csv(
        path,
        sep=";",
        header=3,
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
    )
    frame = frame[frame["Crime Ref"].str.fullmatch(r"\d{4}/21")]
    at = frame["Date Recorded"] + " " + frame["Time Recorded"]
    at = pandas.to_datetime(at, format="%d/%m/%Y %H:%M", errors="coerce")
    between = frame["Committed Between"].str.split(" to ", expand=True)
    between = between.apply(pandas.to_datetime, format="%d/%m/%Y %H:%M")
    iso = "%Y-%m-%dT%H:%M:%S"
    return pandas.DataFrame(
        {
            "crime_id": "N-" + frame["Crime Ref"],
            "recorded_at": at.dt.strftime(iso),
            "committed_from": between[0].dt.strftime(iso),
            "committed_to": between[1].dt.strftime(iso),
            "offence_code": frame["HO Code"].replace("8/54", "8N"),
            "district_code": frame["District"].str.lower().map(DISTRICTS),
            "is_hate_crime": frame["Hate"].str[:1],
            "is_night_time_economy": frame["NTE"].map({"X": "Y", "": "N"}),
        }
    )
