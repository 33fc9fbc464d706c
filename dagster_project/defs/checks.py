"""Checks on each raw asset: no line is lost, and the extract is not late.

A dbt test on `fct_loads` makes the comparison, because only staging knows which lines
are quarantined. dagster-dbt cannot show such a test on a source. So the checks here
show the result for each raw asset's own files, with the lines that are held or
unreadable, and why.
"""

from collections.abc import Iterator

import dagster as dg
import duckdb
from dagster_dbt import get_asset_key_for_model

from dagster_project import settings
from dagster_project.defs.model import dbt_models
from dagster_project.intake import contracts, landing, lateness, load_log
from dagster_project.stores import SETTINGS

LINES = """
    select
        count(*) filter (where not is_accounted_for) as files_unaccounted_for,
        sum(lines_delivered) as delivered,
        sum(lines_accepted) as accepted,
        sum(lines_unchanged) as unchanged,
        sum(lines_quarantined) as quarantined,
        sum(lines_unreadable) as unreadable
    from marts.fct_loads
    where list_contains(?, extract) and file_status = 'loaded'
"""
UNACCOUNTED_FOR = """
    select
        file_name || ': ' || lines_delivered || ' delivered, ' || lines_accepted
        || ' accepted, ' || lines_unchanged || ' unchanged, ' || lines_quarantined
        || ' quarantined, ' || lines_unreadable || ' unreadable'
    from marts.fct_loads
    where list_contains(?, extract) and not is_accounted_for
    order by load_id
"""
HELD = """
    select file_name, held_line_count, lines_delivered, reasons, example_lines
    from intermediate.int_lines_left_out
    where list_contains(?, extract) and held_line_count > 0
    order by load_id desc
"""
UNREADABLE = """
    select file_name, count(*), min(reason), list(line order by line)[:3]
    from raw.unreadable_lines
    inner join marts.fct_loads using (load_id)
    where list_contains(?, extract)
    group by load_id, file_name
    order by load_id desc
"""
REMEDY = (
    "Have a held or unreadable line corrected at its source and delivered again under a"
    " later time. If the counts of a file do not agree, the intake has a fault: keep"
    " the file, and report it."
)


def _lines_check(extract: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        name="every_line_is_accounted_for",
        asset=["raw", extract],
        required_resource_keys={"alone"},
        additional_deps=[get_asset_key_for_model([dbt_models], "fct_loads")],
        description="delivered = accepted + unchanged + quarantined + unreadable",
    )
    def every_line_is_accounted_for() -> dg.AssetCheckResult:
        work = str(settings.home().warehouse)
        # Extracts that share a contract have one raw asset.
        tables = contracts.extracts_of().items()
        of_asset = [name for name, table in tables if table == extract]
        extracts = of_asset or [extract]
        with duckdb.connect(work, read_only=True, config=SETTINGS) as connection:
            result = connection.execute(LINES, [extracts])
            names = [column[0] for column in result.description]
            counts = dict(zip(names, result.fetchall()[0], strict=True))
            wrong = connection.execute(UNACCOUNTED_FOR, [extracts]).fetchall()
            held = connection.execute(HELD, [extracts]).fetchall()
            unreadable = connection.execute(UNREADABLE, [extracts]).fetchall()
        found = [sentence for (sentence,) in wrong]
        return dg.AssetCheckResult(
            passed=not found,
            description="\n".join([*found, *([REMEDY] if found else [])]) or None,
            metadata={
                **{name: int(count or 0) for name, count in counts.items()},
                "held_files": dg.MetadataValue.md(_held_in_words(held)),
                "unreadable_lines": dg.MetadataValue.md(
                    _unreadable_in_words(unreadable)
                ),
                "remedy": REMEDY,
            },
        )

    return every_line_is_accounted_for


def _held_in_words(files: list[tuple]) -> str:
    """List per file the number of held lines, the reasons, and the first lines."""
    lines = []
    for name, held, delivered, reasons, examples in files:
        lines.append(f"- {name}: {held} of {delivered} lines are held")
        lines += [f"    - {text}" for text in (*reasons, *examples)]
    return "\n".join(lines) or "none"


def _unreadable_in_words(files: list[tuple]) -> str:
    """List per file the number of unreadable lines, the first ones, and the reason."""
    return (
        "\n".join(
            f"- {name}: {count} lines, such as {', '.join(map(str, lines))} ({reason})"
            for name, count, reason, lines in files
        )
        or "none"
    )


lines_checks = [_lines_check(extract) for extract in landing.extracts_in_order()]


@dg.multi_asset_check(
    name="arrivals_on_time",
    specs=[
        dg.AssetCheckSpec(
            lateness.RULE,
            asset=["raw", extract],
            description="The newest file is not older than the extract's cadence"
            " (extracts.csv) and its tolerance (supply_rules.csv) allow.",
        )
        for extract in landing.extracts_in_order()
    ],
    required_resource_keys={"alone"},
    can_subset=True,
)
def arrivals_on_time(
    context: dg.AssetCheckExecutionContext,
) -> Iterator[dg.AssetCheckResult]:
    # A run of some assets has the checks of these alone.
    chosen = context.selected_asset_check_keys
    for result in on_time(settings.home()):
        if dg.AssetCheckKey(result.asset_key, result.check_name) in chosen:
            yield result


def on_time(home: settings.Home) -> Iterator[dg.AssetCheckResult]:
    """Yield for each raw table whether the newest file of its extracts is on time.

    A home's own extracts share the table of their contract.
    """
    tables = contracts.extracts_of(home)
    with load_log.warehouse(home.warehouse) as connection:
        found = lateness.arrivals(home, lateness.newest(connection))
    for table in landing.extracts_in_order():
        own = [
            arrival
            for extract, arrival in found.items()
            if tables.get(extract, extract) == table
        ]
        is_late = any(arrival.is_late for arrival in own)
        sentences = " ".join(arrival.sentence() for arrival in own)
        yield dg.AssetCheckResult(
            check_name=lateness.RULE,
            asset_key=["raw", table],
            passed=not is_late,
            severity=dg.AssetCheckSeverity.WARN,
            description=sentences or "Not delivered yet.",
            metadata={"remedy": lateness.REMEDY} if is_late else {},
        )
