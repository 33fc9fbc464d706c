"""Small archives in the layout of data.police.uk, made for one test each."""

import zipfile
from datetime import datetime
from pathlib import Path

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
    "LSOA name,Crime type,Last outcome category,Context"
)
OUTCOMES = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
    "LSOA name,Outcome type"
)
# Two years and three months, to the end of the police year 2021/22.
MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]
MONTHS += ["2022-01", "2022-02", "2022-03"]
STAMP = datetime(2021, 11, 17, 6, 0)
BURGLARY = (
    "c1,2021-07,Essex Police,Essex Police,0.5,51.7,On or near High Street,E01021988,"
    "Tendring 018A,Burglary,Under investigation,"
)
NUISANCE = (
    ",2021-07,Essex Police,Essex Police,0.5,51.7,On or near Park,E01021988,"
    "Tendring 018A,Anti-social behaviour,,"
)
CHARGED = (
    "c1,2021-07,Essex Police,Essex Police,0.5,51.7,On or near High Street,E01021988,"
    "Tendring 018A,Suspect charged"
)
ESSEX = "2021-07/2021-07-essex-street.csv"
KENT = "2021-07/2021-07-kent-street.csv"


def csv(*lines: str, end: str = "\n") -> bytes:
    """Return the lines as a file, each with a line end."""
    return "".join(line + end for line in lines).encode()


def of_month(month: str, *lines: str) -> list[str]:
    """Return the lines with another month (`YYYY-MM`)."""
    return [line.replace(",2021-07,", f",{month},") for line in lines]


def archive(
    path: Path,
    members: dict[str, bytes],
    stamp: datetime = STAMP,
    method: int = zipfile.ZIP_DEFLATED,
) -> Path:
    """Write a zip of member name → bytes, all with the same time; return its path."""
    with zipfile.ZipFile(path, "w") as handle:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.filename = name  # `ZipInfo` may clean a hostile name.
            handle.writestr(info, data, method)
    return path


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Damage a file: replace every `old` with `new`, which has the same length."""
    data = path.read_bytes()
    assert old in data and len(old) == len(new)
    path.write_bytes(data.replace(old, new))
