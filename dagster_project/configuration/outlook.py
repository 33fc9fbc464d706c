"""Shows what a configuration gives: strategies, strands, measures, areas, quarters.

Rows are only shown here; `dim_reports` decides which strategy a quarter has.
"""

from dataclasses import dataclass

from dagster_project import configuration
from dagster_project.settings import Home

Row = dict[str, str]
# Value of `delivery` in seeds/force/extracts.csv for open data.
OPEN_DATA = "force_month"


@dataclass(frozen=True)
class Outlook:
    """The rows of the configuration that apply to a force.

    Args:
        strategies: the force's own in order of their first day, then the defaults.
        has_own_strategy: whether one of them is the force's own.
        strands: code of each strategy → its strands, in order.
        measures: (strategy code, strand code) → names of the measures that inform it.
        units: (strategy code, strand code) → names of the units whose results its page
            has, if they are delivered.
        on_board: code of each strategy → names of the measures on page one.
        cut_offs: rows of the reporting calendar.
        areas: local policing area → its districts; the area is empty for districts
            without one.
        leads: codes of the strands with a lead.
    """

    force_code: str
    strategies: list[Row]
    has_own_strategy: bool
    strands: dict[str, list[Row]]
    measures: dict[tuple[str, str], list[str]]
    units: dict[tuple[str, str], list[str]]
    on_board: dict[str, list[str]]
    cut_offs: list[Row]
    areas: dict[str, list[str]]
    leads: set[str]

    def lines(self) -> list[str]:
        """Return what the pack would contain, as lines of text."""
        found = []
        for strategy in self.strategies:
            dates = _dates(strategy)
            if self.has_own_strategy and not strategy["force_code"]:
                dates += f", in quarters without one of {self.force_code}'s"
            found.append(f"Strategy: {strategy['strategy_name']}, {dates}")
            for strand in self.strands[strategy["strategy_code"]]:
                key = (strategy["strategy_code"], strand["strand_code"])
                informed = ", ".join(self.measures[key]) or "no measure"
                if units := self.units.get(key):
                    informed += f"; results of {', '.join(units)}"
                found.append(f"  {strand['strand_name']}: {informed}")
            on_board = self.on_board[strategy["strategy_code"]]
            found.append(f"  Page one: {', '.join(on_board) or 'no measure'}")
        found += [
            f"Local policing area {area}: {', '.join(districts)}"
            for area, districts in self.areas.items()
            if area
        ]
        cut_offs = [f"{r['quarter']} ({r['cut_off_date']})" for r in self.cut_offs]
        return [*found, f"Quarters with a cut-off: {', '.join(cut_offs) or 'none'}"]


def of(home: Home, force_code: str, is_open_data: bool) -> Outlook:
    """Return what the configuration of a home gives a force.

    Args:
        home: a home whose configuration has no mistake.
        is_open_data: whether the home has archives of the open data, whose measures
            differ from those of a force's own extracts.
    """

    def its(seed: str) -> list[Row]:
        rows = configuration.rows(seed, home)
        return [row for row in rows if row["force_code"] == force_code]

    own = its("strategies")
    every = configuration.rows("strategies", home)
    defaults = [row for row in every if not row["force_code"] and not _hides(own, row)]
    strategies = [
        *sorted(own, key=lambda row: row["start_date"]),
        *sorted(defaults, key=lambda row: row["start_date"]),
    ]
    strands = {
        row["strategy_code"]: _strands_of(row["strategy_code"], home)
        for row in strategies
    }
    measures = _measures(home, is_open_data, set(strands))
    return Outlook(
        force_code,
        strategies,
        bool(own),
        strands,
        _informing(strands, measures, home),
        {} if is_open_data else _units(home),
        {
            code: [
                row["measure_name"]
                for row in _measures(home, is_open_data, {code})
                if row["is_on_board"] == "true"
            ]
            for code in strands
        },
        its("reporting_calendar"),
        _areas(its("districts")),
        {row["strand_code"] for row in its("strand_leads")},
    )


def _hides(own: list[Row], default: Row) -> bool:
    """Whether the force's own strategy covers all quarters of a default strategy."""
    return any(
        row["start_date"] <= default["start_date"]
        and (not row["end_date"] or row["end_date"] >= (default["end_date"] or "9"))
        for row in own
    )


def _strands_of(strategy_code: str, home: Home) -> list[Row]:
    rows = configuration.rows("strands", home)
    found = [row for row in rows if row["strategy_code"] == strategy_code]
    return sorted(found, key=lambda row: int(row["strand_position"]))


def _measures(home: Home, is_open_data: bool, strategies: set[str]) -> list[Row]:
    """Return the measures that can be made from the home's extracts and be in a report.

    `int_report_measures` leaves out those that inform other strategies alone.
    """
    open_data = {
        row["extract"]
        for row in configuration.rows("extracts", home)
        if row["delivery"] == OPEN_DATA
    }
    informed: dict[str, set[str]] = {}
    for row in configuration.rows("strand_measures", home):
        informed.setdefault(row["measure_code"], set()).add(row["strategy_code"])
    rows = configuration.rows("measures", home)
    found = [r for r in rows if (r["source_extract"] in open_data) == is_open_data]
    return [
        row
        for row in found
        if is_open_data or informed.get(row["measure_code"], strategies) & strategies
    ]


def _informing(
    strands: dict[str, list[Row]], measures: list[Row], home: Home
) -> dict[tuple[str, str], list[str]]:
    """Return (strategy code, strand code) → names of the measures that inform it."""
    names = {row["measure_code"]: row["measure_name"] for row in measures}
    found: dict[tuple[str, str], list[str]] = {
        (code, row["strand_code"]): [] for code, rows in strands.items() for row in rows
    }
    for row in configuration.rows("strand_measures", home):
        key = (row["strategy_code"], row["strand_code"])
        if key in found and row["measure_code"] in names:
            found[key].append(names[row["measure_code"]])
    return found


def _units(home: Home) -> dict[tuple[str, str], list[str]]:
    """Return (strategy code, strand code) → names of the units of its results."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in configuration.rows("strand_units", home):
        key = (row["strategy_code"], row["strand_code"])
        found.setdefault(key, []).append(row["unit_name"])
    return found


def _areas(districts: list[Row]) -> dict[str, list[str]]:
    """Return local policing area → its present districts."""
    found: dict[str, list[str]] = {}
    for row in districts:
        if not row["became_code"]:
            found.setdefault(row["lpa_name"], []).append(row["district_name"])
    return found


def _dates(strategy: Row) -> str:
    end = f" to {strategy['end_date']}" if strategy["end_date"] else ""
    return f"from {strategy['start_date']}{end}"
