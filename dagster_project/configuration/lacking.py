"""Lists what a correct configuration still lacks, each with file, column and remedy."""

from collections.abc import Iterator

from dagster_project.configuration.layers import shown
from dagster_project.configuration.mistakes import Mistake
from dagster_project.configuration.outlook import Outlook
from dagster_project.settings import Home

FORCE, STRAND = "force_code", "strand_code"


def missing(home: Home, outlook: Outlook, most_rows: int) -> list[Mistake]:
    """Return everything that the pack would lack, in the order in which to add it.

    Args:
        most_rows: number of measures for which page one has room.
    """
    return [
        Mistake(shown(home.config / f"{seed}.csv"), 0, column, text)
        for seed, column, text in _found(outlook, most_rows)
    ]


def _found(outlook: Outlook, most_rows: int) -> Iterator[tuple[str, str, str]]:
    """Yield (seed, column, what is missing)."""
    force, names = outlook.force_code, outlook.strategies
    # If the force has its own strategy, nothing needs to be added to the default's.
    codes = {
        row["strategy_code"]
        for row in names
        if row["force_code"] or not outlook.has_own_strategy
    }
    measures = {key: each for key, each in outlook.measures.items() if key[0] in codes}
    if not outlook.has_own_strategy:
        default = ", ".join(row["strategy_name"] for row in names)
        text = (
            f"no strategy is {force}'s, so the pack has the structure of the default"
            f" ({default}). Add a row, and its strands to strands.csv"
        )
        yield "strategies", FORCE, text
    for code, strands in outlook.strands.items():
        if not strands:
            yield "strands", "strategy_code", f"no strand is of {code}. Add its strands"
    for (code, strand), informed in measures.items():
        if not informed:
            units = ", ".join(outlook.units.get((code, strand), ()))
            results = f" and the results of {units}" if units else ""
            text = (
                f"no measure informs {strand} of {code}, so its page has the delivery"
                f" plan{results} alone. Add a row, or leave it so"
            )
            yield "strand_measures", STRAND, text
    if without := sorted({strand for _, strand in measures} - outlook.leads):
        text = f"no lead is named for {', '.join(without)}. Add a row for each"
        yield "strand_leads", STRAND, text
    if not outlook.cut_offs:
        text = (
            f"no quarter of {force} has a cut-off, so a quarter's delivery plan is the"
            " last one within 60 days of its end. Add a row for each quarter"
        )
        yield "reporting_calendar", FORCE, text
    if unnamed := outlook.areas.get(""):
        text = (
            f"no local policing area is named for {', '.join(unnamed)}. Name it, or"
            " leave it empty if the force has none"
        )
        yield "districts", "lpa_name", text
    if (count := max(map(len, outlook.on_board.values()), default=0)) > most_rows:
        text = f"{count} measures are on page one, which has room for {most_rows}"
        yield "measures", "is_on_board", f"{text}. Write false for some"
