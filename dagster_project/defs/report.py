"""The asset of the pack, made from the published file; one partition per quarter."""

import base64
import csv
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

import dagster as dg

from dagster_project import catalogue, packs, settings

if TYPE_CHECKING:
    from reports import Pack

# Dynamic, because the quarters that can be reported change while a server runs. The
# asset `published` sets them.
quarters = dg.DynamicPartitionsDefinition(name="quarters")
# Named, not imported: what makes it imports dbt, and a pack needs no dbt.
PUBLISHED = dg.AssetKey("published")
SUMMARY = "rolling_12_months.csv"
TITLE = "{http://www.w3.org/2000/svg}title"


@catalogue.described
@dg.asset(
    key="pack",
    deps=[PUBLISHED],
    partitions_def=quarters,
    group_name="report",
    kinds={"html", "word", "excel"},
    required_resource_keys={"alone"},
    description="The quarter's pack: page, workbook, Word draft, tables and charts.",
)
def pack(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    packs.refuse_other_code(settings.home())
    written = packs.write(settings.home(), context.partition_key)
    for each in written:
        for line in (f"pack: {each.folder}", *each.notices()):
            context.log.info(line)
    home = settings.home()
    metadata = {
        "page": dg.MetadataValue.md("\n".join(link(each, home) for each in written)),
        "main_points": dg.MetadataValue.md(
            "\n\n".join(main_points(each) for each in written)
        ),
        "summary": dg.MetadataValue.md(
            "\n\n".join(summary(each.folder) for each in written)
        ),
    }
    # Of many forces, the charts would be too much for one page: each is in its pack.
    if len(written) == 1:
        metadata["charts"] = dg.MetadataValue.md(charts(written[0].folder))
    return dg.MaterializeResult(metadata=metadata)


quarterly_report = dg.define_asset_job(
    "quarterly_report",
    selection=dg.AssetSelection.assets(pack),
    description="The pack of one quarter, from the published file.",
)


def link(written: "Pack", home: settings.Home) -> str:
    """Return the link that `make up` serves, and the file, as Markdown."""
    page = written.folder / packs.INDEX
    address = quote(f"/packs/{page.relative_to(home.output).as_posix()}")
    return f"- [{written.title}]({address}) with `make up`; the file is `{page}`"


def charts(folder: Path) -> str:
    """Return a pack's charts as Markdown with the pictures in it."""
    return "\n\n".join(map(_picture, sorted((folder / "charts").glob("*.svg"))))


def _picture(path: Path) -> str:
    content = path.read_bytes()
    title = ElementTree.fromstring(content).findtext(TITLE, path.stem)
    words = title.replace("[", "(").replace("]", ")")
    data = base64.b64encode(content).decode()
    return f"**{words}**\n\n![{words}](data:image/svg+xml;base64,{data})"


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
