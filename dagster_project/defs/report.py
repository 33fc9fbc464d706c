"""The asset of the pack, made from the published file; one partition per quarter."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from dagster_project import catalogue, packs, settings
from dagster_project.defs.warehouse import published, quarters

if TYPE_CHECKING:
    from reports import Pack

SUMMARY = "rolling_12_months.csv"


@catalogue.described
@dg.asset(
    key="pack",
    deps=[published],
    partitions_def=quarters,
    group_name="report",
    kinds={"html", "word", "excel"},
    required_resource_keys={"alone"},
    description="The quarter's pack: page, workbook, Word draft, tables and charts.",
)
def pack(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    written = packs.write(settings.home(), context.partition_key)
    for each in written:
        for line in (f"pack: {each.folder}", *each.notices()):
            context.log.info(line)
    return dg.MaterializeResult(
        metadata={
            "folders": [str(each.folder) for each in written],
            "pages": [str(each.folder / "index.html") for each in written],
            "main_points": dg.MetadataValue.md(
                "\n\n".join(main_points(each) for each in written)
            ),
            "summary": dg.MetadataValue.md(
                "\n\n".join(summary(each.folder) for each in written)
            ),
        }
    )


def main_points(written: "Pack") -> str:
    """Return the main points of a pack's report, as Markdown."""
    points = (f"- **{label}**: {text}" for label, text in written.points)
    return "\n".join([f"**{written.title}**", "", *points])


def summary(folder: Path) -> str:
    """Return the table of the 12 months of a pack's measures, as Markdown."""
    path = folder / "tables" / SUMMARY
    if not path.exists():
        return f"{folder.name} has no table of 12 months."
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    lines = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in (header, *rows)
    ]
    lines.insert(1, "|" + "---|" * len(header))
    return "\n".join(lines)
