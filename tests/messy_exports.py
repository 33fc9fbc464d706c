"""Exports of an invented force as its systems write them, and the mappings of them.

The crimes come from a records system with other names, words and codes; the expected
texts are made here by pandas, which reads the same file by another route.
"""

from pathlib import Path

import pandas

CRIMES = """\
Crime export for performance;;;;;;;;;;;
Run by;J. Smith;;;;;;;;;;

Crime Ref;Date Recorded;Time Recorded;Committed Between;HO Code;District;Keywords;DA;\
Hate;Online;NTE;Status;Officer;Note
0001/21;01/03/2021;09:15;28/02/2021 22:00 to 01/03/2021 01:30;8/54;Ashford;\
Knife, Alcohol;Yes;No;No;;Open;PC 12;seen, twice
0002/21;30/06/2021;23:45;;28E;DARTFORD;;No;No;No;X;Open;PC 13;
0003/21;01/07/2021;00:10;;28E;Ashfrod;;No;Yes;No;;Open;PC 14;
0004/21;31/09/2021;10:00;;34B;Ashford;;No;No;Yes;;Open;PC 15;
0005/21;02/07/2021;10:00;;34B;n/k;Blade;No;No;No;;Cancelled;PC 16;"a ""note"" of it"
Total records;5;;;;;;;;;;;;
Printed 17/11/2021
"""
CRIMES_MAPPING = """\
# Niche, report "Crime export for performance"
file:
  delimiter: ";"
  encoding: windows-1252
  header_row: 4
  footer: Total records
  empty: n/k
columns:
  crime_id: {from: Crime Ref, prefix: "N-"}
  recorded_at:
    from: [Date Recorded, Time Recorded]
    join: " "
    format: dd/MM/yyyy HH:mm
    zone: Europe/London
  committed_from:
    from: Committed Between
    split: " to "
    part: 1
    format: dd/MM/yyyy HH:mm
    zone: Europe/London
  committed_to:
    from: Committed Between
    split: " to "
    part: 2
    format: dd/MM/yyyy HH:mm
    zone: Europe/London
  offence_code: {from: HO Code, values: {8/54: 8N}, others: kept}
  district_code:
    from: District
    values:
      Ashford: E07000105
      Dartford: E07000107
  lsoa_code: {always: ""}
  keywords:
    from: Keywords
    separator: ", "
    values: {Knife: Knife, Blade: Knife, Alcohol: Alcohol}
  is_domestic_abuse: {from: DA, yes: "Yes", no: "No"}
  is_hate_crime: {from: Hate, yes: "Yes", no: "No"}
  is_online: {from: Online, yes: "Yes", no: "No"}
  is_night_time_economy: {from: NTE, yes: X, if_empty: N}
  crime_status: {from: Status, values: {Open: Recorded, Cancelled: Cancelled}}
  outcome_code: {always: ""}
  outcome_date: {always: ""}
ignore: [Officer]
"""
DISTRICTS = {"ashford": "E07000105", "dartford": "E07000107"}


def write(home: Path, name: str, mapping: str) -> Path:
    """A mapping of a home."""
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
    """What the good lines of CRIMES are in the contract's columns, by pandas alone."""
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
