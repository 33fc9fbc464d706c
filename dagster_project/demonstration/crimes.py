"""Makes the crimes with the SQL of this package, and writes one file per delivery.

The counts to reach are in tables/targets.csv. sql/2_reference.sql reads them;
sql/3_offences.sql and sql/4_kinds.sql make exactly as many crimes.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
# Also the origin of delivery_of() in sql/1_macros.sql.
FIRST_DELIVERY = datetime(2021, 4, 7, 6)
DELIVERY_COUNT = 33
# The numbers of the weekly deliveries on whose days the monthly extracts are made.
MONTHLY_WEEKS = (0, 4, 8, 13, 17, 22, 26, 32)
# Without quotes, so that broken lines can be written: one that is split in two, and one
# with too many columns. No other value contains a comma or a line break.
PLAIN_CSV = "header true, quote '', escape ''"
FILE_FORMATS = {
    "csv": PLAIN_CSV,
    "csv.gz": f"{PLAIN_CSV}, compression gzip",
    "parquet": "format parquet",
}
SETTINGS = {
    "threads": 2,
    "memory_limit": "2GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def write_crimes(
    folder: Path,
    work: Path,
    crime_count: int | None,
    file_format: str,
    progress: Callable[[str], None],
) -> int:
    """Write `folder`/crimes and `folder`/crime_motivations.

    Crimes are a history file and weekly deltas, motivations monthly full extracts.

    Args:
        folder: the landing folder.
        work: a folder for DuckDB's work file, and for data that need more than 2 GB.
        crime_count: the number of crimes; None means the natural size.
        file_format: a key of `FILE_FORMATS`.
        progress: is called with a sentence when the files are written.

    Returns:
        The number of crimes.
    """
    settings = SETTINGS | {"temp_directory": str(work / "spill")}
    with duckdb.connect(str(work / "crimes.duckdb"), config=settings) as connection:
        connection.execute("set enable_progress_bar = false")
        _build(connection, crime_count)
        _write_files(connection, folder / "crimes", file_format)
        _write_motivations(connection, folder / "crime_motivations")
        written = connection.execute("select count(*) from crimes").fetchall()[0][0]
    progress(f"demonstration: {written:,} crimes in {DELIVERY_COUNT} files")
    return written


def _build(connection: duckdb.DuckDBPyConnection, crime_count: int | None) -> None:
    connection.execute(
        "set variable tables = $tables", {"tables": str(HERE / "tables")}
    )
    connection.execute(
        "set variable crime_count = $count::bigint", {"count": crime_count}
    )
    for script in sorted((HERE / "sql").glob("*.sql")):
        connection.execute(script.read_text(encoding="utf-8"))


def _write_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, file_format: str
) -> None:
    """Write the files of crimes: the deltas at the same time as the long history."""

    def write(delivery: int) -> None:
        extracted_at = FIRST_DELIVERY + timedelta(weeks=delivery)
        path = folder / f"crimes_{extracted_at:%Y%m%dT%H%M%S}.{file_format}"
        connection.cursor().execute(
            f"""
            copy (
                select * exclude (delivery, number, copy)
                from {"changed_lines" if delivery else "lines"}
                where delivery = $delivery
                order by number, copy
            ) to $path ({FILE_FORMATS[file_format]})
            """,
            {"delivery": delivery, "path": str(path)},
        )

    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(write, number) for number in range(DELIVERY_COUNT)]:
            done.result()


def _write_motivations(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write full extracts: all motivations of the crimes delivered by each day."""
    for delivery in MONTHLY_WEEKS:
        extracted_at = FIRST_DELIVERY + timedelta(weeks=delivery)
        path = folder / f"crime_motivations_{extracted_at:%Y%m%dT%H%M%S}.csv"
        connection.execute(
            """
            copy (
                select crime_id, motivation_kind, motivation from motivations
                where first_delivery <= $delivery
                order by all
            ) to $path (header true)
            """,
            {"delivery": delivery, "path": str(path)},
        )
