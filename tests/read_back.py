"""Reads the sentences of a report as a reader would, and compares them with its tables.

Nothing here uses a template or a kind of sentence. What a sentence says is found in its
English text and is looked up in `rpt_figures`, in the rows of the tables and in the
comparisons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Any

import duckdb

from reports import facts, published
from reports.board import english

WORDS = ["none", *english.NUMBERS[1:]]
CODES = {
    "uneven": "uneven",
    "no clear change": "no_clear_change",
    "too few": "too_few",
    "not comparable": "not_comparable",
    "higher": "higher",
    "lower": "lower",
}
AREA_CODES = {
    "higher": "higher",
    "lower": "lower",
    "uneven": "uneven",
    "no clear change": "no_clear_change",
    "too few to compare": "too_few",
}
NOT_FIGURES = re.compile(
    r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4}|Q[1-4] \d{4}/\d\d"
    r"|\b(?:12|24) months\b|\b[Ss]ection \d+\.\d+|\bthree months before"
)
ALL_ACTIONS = re.compile(
    r"(the only action|both actions|all ([\d,]+) actions)(?: of the delivery plan)?"
    r" (is|are) (complete|ongoing and (?:not )?at risk)"
)
NUMBER = re.compile(r"[+\u2212]?\d[\d,]*(?:\.\d+)?%?")


@dataclass(frozen=True)
class Said:
    """A sentence, its place, and the figures that it names."""

    section: str
    text: str
    figure_id: str | None
    base_figure_id: str | None


def sentences(con: Any, quarter: str, force: str) -> list[Said]:
    """Return every sentence of a report that is made from figures, by section."""
    key = (quarter, force)
    (front,) = published.rows_of(con, "rpt_reports", key)
    report = facts.context(quarter, front, published.rows_of(con, "rpt_sections", key))
    rows = published.rows_of(con, "rpt_facts", key, "section_code, slot, fact_position")
    return [
        Said(
            row["section_code"],
            facts.sentence(row, report),
            row["figure_id"],
            row["base_figure_id"],
        )
        for row in rows
    ]


def printed(value: Decimal, is_weight: bool = False) -> str:
    """Return a figure as it is printed, such as 4,177 or, if it is a weight, 69.0."""
    return f"{value:,.1f}" if is_weight else f"{value:,.0f}"


def share(value: Decimal) -> str:
    return f"{value:.1f}%"


def number(word: str) -> int:
    return WORDS.index(word.lower()) if word.lower() in WORDS else int(word)


def share_code(before: tuple[int, int], now: tuple[int, int]) -> str | None:
    """Return the change code of a share, by Newcombe's interval of the difference."""
    if min(before[1], now[1]) < 20:
        return None

    def wilson(part: int, whole: int) -> tuple[float, float, float]:
        p, z = part / whole, 1.959964
        middle = p + z**2 / (2 * whole)
        width = z * sqrt(p * (1 - p) / whole + (z / whole / 2) ** 2)
        scale = 1 + z**2 / whole
        return p, (middle - width) / scale, (middle + width) / scale

    p1, low1, high1 = wilson(*before)
    p2, low2, high2 = wilson(*now)
    difference = p2 - p1
    if difference - sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2) > 0:
        return "higher"
    if difference + sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2) < 0:
        return "lower"
    return "no_clear_change"


@dataclass
class Reader:
    """The contents of one report's tables."""

    con: duckdb.DuckDBPyConnection
    quarter: str
    force: str
    strands: dict[str, str] = field(init=False)  # by the code of the section
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.strands = dict(
            self._rows(
                "select section_code, strand from reporting.rpt_sections"
                " where quarter = $quarter and force_code = $force"
                " and strand is not null"
            )
        )
        names = self._rows(
            "select distinct unnest([measure_name, category, area_name, unit])"
            " from reporting.rpt_rows where quarter = $quarter and force_code = $force"
            " union select table_title from reporting.rpt_tables"
            " where quarter = $quarter and force_code = $force"
            " union select strategy_name from reporting.rpt_reports"
        )
        known = {name for (name,) in names if name}
        self.names = sorted(known, key=len, reverse=True)

    def _rows(self, sql: str, **values: Any) -> list[tuple]:
        used = {"quarter": self.quarter, "force": self.force} | values
        wanted = {k: v for k, v in used.items() if f"${k}" in sql}
        return self.con.execute(sql, wanted).fetchall()

    def _cells(self, where: str, **values: Any) -> list[dict[str, Any]]:
        """Return rows of tables, each with its figures by column name."""
        result = self.con.execute(
            "select r.table_name, r.row_position, any_value(r.strand) as strand,"
            " any_value(r.measure_name) as measure_name,"
            " any_value(r.area_name) as area_name, any_value(r.category) as category,"
            " any_value(r.own_period) as own_period,"
            " any_value(r.comparison) as comparison,"
            " any_value(t.table_title) as table_title,"
            " max(c.change_code) as change_code,"
            " map_from_entries(coalesce(list((c.column_name, c.figure_value))"
            " filter (where c.figure_value is not null), [])) as cells,"
            " max(c.figure_numerator) as numerator,"
            " max(c.figure_denominator) as denominator"
            " from reporting.rpt_rows as r"
            " inner join reporting.rpt_cells as c"
            " using (quarter, force_code, table_name, row_position)"
            " inner join reporting.rpt_tables as t"
            " using (quarter, force_code, table_name)"
            f" where quarter = $quarter and force_code = $force and {where}"
            " group by all order by r.table_name, r.row_position",
            {"quarter": self.quarter, "force": self.force} | values,
        )
        columns = [c[0] for c in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def wrong(self, said: Said) -> str | None:
        """Return what a sentence says that contradicts the tables; None if nothing."""
        for pattern, reading in (
            (r"", self._change if said.figure_id else None),
            (r": the largest parts? (?:is|are) ", self._most),
            (r" was highest in ", self._areas),
            (r" a month .* on average", self._range),
            (
                r"\bactions?(?: of the delivery plan)? (?:is|are) (?:complete|ongoing)",
                self._plan,
            ),
            (r"\bmeasures?\b.*: .*[.]$", self._measures),
            (r"\bstrands?\b.* at risk\b", self._strands_at_risk),
            (r"\bthematic strands\b", self._strands),
        ):
            if reading and re.search(pattern, said.text):
                found = list(reading(said))
                return f"{said.text} ({'; '.join(found)})" if found else None
        if self._is_of_the_tracker(said.text):
            return None
        if self.numbers(said.text) or self.codes(said.text):
            return f"{said.text} (nobody reads it)"
        return None

    def _is_of_the_tracker(self, text: str) -> bool:
        """Whether the text is an action at risk, in the words of the tracker."""
        actions = self._rows(
            "select distinct action_title from reporting.rpt_rows"
            " where force_code = $force and at_risk_reason is not null"
        )
        return any(f": {title.rstrip('. ')}. Reason: " in text for (title,) in actions)

    # What is found in the English

    def bare(self, text: str) -> str:
        """Return the text without names, periods and section numbers."""
        for name in self.names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "~", text)
        return NOT_FIGURES.sub("~", text)

    def numbers(self, text: str) -> list[str]:
        return [n.rstrip(",") for n in NUMBER.findall(self.bare(text))]

    def codes(self, text: str) -> list[str]:
        bare = self.bare(text)
        return [c for word, c in CODES.items() if re.search(rf"\b{word}\b", bare)]

    # Readings: each yields what is wrong

    def _figure(self, figure_id: str | None) -> tuple | None:
        found = self._rows(
            "select statistic like '%share', figure_value, figure_numerator,"
            " figure_denominator, measure_code"
            " from reporting.rpt_figures"
            " where force_code = $force and figure_id = $figure",
            figure=figure_id,
        )
        return found[0] if found else None

    def _change(self, said: Said) -> Iterator[str]:
        now, before = self._figure(said.figure_id), self._figure(said.base_figure_id)
        if now is None or before is None:
            yield "no such figure"
            return
        is_share, value, base = now[0], now[1], before[1]
        percentage = None
        if value is not None and base:
            exact = 100 * (value - base) / base
            percentage = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
        text, _, by_months = said.text.partition(", with ")
        found, codes = self.numbers(text), self.codes(text)
        if value is None:
            if found or codes or "not available" not in text:
                yield "it is not available"
            return
        if len(codes) > 1:
            yield f"it says {codes}"
            return
        code = codes[0] if codes else None
        if is_share:
            parts = [(v, int(n), int(d)) for _, v, n, d, _ in (now, before)]
            expected = [t for v, n, d in parts for t in (share(v), f"{n:,}", f"{d:,}")]
            allowed = {share_code(parts[1][1:], parts[0][1:])}
            changes = []
        else:
            both = [value] if base is None else [value, base]
            expected = [printed(figure, " kg" in text) for figure in both]
            changes = [n for n in found if n.endswith("%")]
            found = [n for n in found if not n.endswith("%")]
            months, allowed = self._comparisons(now[4], value, base)
            if code == "uneven" and by_months not in months:
                yield f"its months are {months}"
        if found != expected:
            yield f"its figures are {expected}"
        if code not in allowed:
            yield f"its word is {allowed}"
        is_told = code in ("higher", "lower") and "a day" not in said.text
        if is_told and not is_share and percentage is not None:
            more = "more" if percentage > 0 else "fewer"
            if changes != [f"{abs(percentage)}%"] or f"% {more} than" not in said.text:
                yield f"its change is {percentage}% {more}"
            if (code == "higher") != (percentage > 0):
                yield "its word and its sign differ"
        elif code == "uneven":
            sign = "+" if percentage > 0 else "\u2212" if percentage < 0 else ""
            if changes != [f"{sign}{abs(percentage)}%"]:
                yield f"its change is {percentage}%"
        elif changes:
            yield "it has no percentage"

    def _comparisons(self, measure: str, value: Any, base: Any) -> tuple[list, set]:
        """Return the periods in words, and the codes, of the comparisons with these
        counts.
        """
        rows = self._rows(
            "select change_code, months_lower, months_higher, months_equal"
            " from reporting.rpt_board_results where quarter = $quarter"
            " and force_code = $force and quantity = $value"
            " and year_before_quantity = $base and measure = $measure"
            " union all"
            " select c.change_code, c.months_lower, c.months_higher, c.months_equal"
            " from marts.fct_comparisons as c"
            " inner join marts.dim_reports as reports"
            " on c.force_code = reports.force_code"
            " and c.period_end = reports.quarter_end_date"
            " where reports.quarter = $quarter and reports.force_code = $force"
            " and c.area_level in ('force', 'region') and c.current_total = $value"
            " and c.base_total = $base"
            " and c.measure_code = $measure",
            measure=measure,
            value=value,
            base=base,
        )
        # By chance, a stock may have the same counts as a comparison with too few.
        none = not rows or (base is not None and value + base < 20)
        months = [
            f"{lower or WORDS[0]} of the months lower, {higher or WORDS[0]} higher and"
            f" {equal or WORDS[0]} equal."
            for code, lower, higher, equal in rows
            if code == "uneven"
        ]
        return months, {row[0] for row in rows} | ({None} if none else set())

    def _most(self, said: Said) -> Iterator[str]:
        rows = [
            r
            for r in self._cells("r.category is not null")
            if said.text.startswith(f"{r['table_title']}: ") and r["numerator"]
        ]
        ranks = sorted({r["numerator"] for r in rows}, reverse=True)[:2]
        expected = [
            part
            for rank in ranks
            for r in rows
            if r["numerator"] == rank
            for part in (
                r["category"],
                printed(rank),
                *([printed(r["denominator"])] if rank == ranks[0] else []),
                share(r["cells"]["share_pct"]),
            )
        ]
        said_of = said.text.split(": the largest part", 1)[1]
        place = 0
        for part in expected:
            place = said_of.find(part, place)
            if place < 0:
                yield f"{part} is missing or in another place"
                return
            place += len(part)
        bare = self.bare(said_of)
        if NUMBER.findall(bare) and len(NUMBER.findall(bare)) != sum(
            not any(c.isalpha() for c in part) for part in expected
        ):
            yield "it has another number"
        if said_of.startswith("s are ") != (
            sum(r["numerator"] == ranks[0] for r in rows) > 1
        ):
            yield "is or are"

    def _areas(self, said: Said) -> Iterator[str]:
        nowhere = self._rows(
            "select district_name from marts.dim_districts"
            " where district_force_code is null"
        )
        rows = [
            r
            for r in self._cells("r.area_name is not null and r.status = 'available'")
            if (r["area_name"],) not in [*nowhere, ("Total",)]
            and said.text.startswith(f"{r['measure_name']} in ")
        ]
        listed, _, changes = said.text.partition(". Compared with")
        pairs = re.findall(r"(?:in|,|and) ([^(,]+?) \(([\d,]+)\)", listed)
        pairs = [(name.split(" was highest in ")[-1], value) for name, value in pairs]
        words = {
            AREA_CODES[word]: number(n)
            for word, n in re.findall(rf"({'|'.join(AREA_CODES)}) in (\w+)", changes)
        }
        total = re.findall(r" of (\w+) areas", changes)
        whole = "12_months" if "12 months ending" in listed else "quarters"
        table = f"district_{whole}"
        column = {"12_months": "current_12_months", "quarters": "current_quarter_count"}
        mine = [r for r in rows if r["table_name"] == table]
        counts = {r["area_name"]: r["cells"].get(column[whole]) for r in mine}
        values = {name: count for name, count in counts.items() if count}
        top = sorted(values, key=lambda name: (-values[name], name))[: len(pairs)]
        if pairs != [(name, printed(values[name])) for name in top]:
            yield f"the highest are {[(n, values[n]) for n in top]}"
        codes = [r["change_code"] for r in mine if r["change_code"]]
        if words != {c: codes.count(c) for c in codes}:
            yield f"the words are {codes}"
        if words and [number(n) for n in total] != [len(mine)]:
            yield f"there are {len(mine)} areas"

    def _range(self, said: Said) -> Iterator[str]:
        rows = {
            r["own_period"]: r["cells"]
            for r in self._cells("r.table_name = 'ceop_referrals_per_month'")
        }
        label = f"Q{self.quarter[-1]} {self.quarter[:4]}/{self.quarter[5:7]}"
        now = rows.pop(label)
        ((_, before),) = rows.items()
        expected = [
            text
            for cells in (now, before)
            for text in (
                printed(cells["lowest"]),
                printed(cells["highest"]),
                f"{cells['monthly_average']:.1f}",
            )
        ]
        if self.numbers(said.text) != expected:
            yield f"its figures are {expected}"

    def _progress(self, section: str) -> dict[str, int]:
        strand = self.strands.get(section, "Total")
        (row,) = [
            r
            for r in self._cells("r.table_name = 'delivery_progress'")
            if r["strand"] == strand
        ]
        return {name: int(value) for name, value in row["cells"].items()}

    def _held(self) -> int:
        found = self._rows(
            "select coalesce(sum(c.figure_value), 0) from reporting.rpt_cells as c"
            " inner join reporting.rpt_rows as r"
            " using (quarter, force_code, table_name, row_position)"
            " where quarter = $quarter and force_code = $force"
            " and table_name = 'quarantine' and column_name = 'held_line_count'"
        )
        return int(found[0][0])

    def _plan(self, said: Said) -> Iterator[str]:
        plan = self._progress(said.section)
        counted, _, held = said.text.removesuffix(".").partition(". ")
        found = ALL_ACTIONS.search(counted)
        if found:
            yield from self._all_actions(plan, *found.groups())
        else:
            yield from self._some_actions(plan, counted)
        lines = [number(n) for n in re.findall(r"(\w+) lines? of the plan", held)]
        if sum(lines) > self._held():
            yield f"{self._held()} lines are held"

    def _all_actions(
        self, plan: dict[str, int], named: str, digits: str, verb: str, state: str
    ) -> Iterator[str]:
        total = {"the only action": "1", "both actions": "2"}.get(named, digits)
        if total != f"{plan['total']:,}":
            yield f"it has {plan['total']} actions"
        if verb != ("is" if plan["total"] == 1 else "are"):
            yield "is or are"
        at_risk = "at risk" if plan["at_risk"] else "not at risk"
        if state != (f"ongoing and {at_risk}" if plan["ongoing"] else "complete"):
            yield f"{plan['ongoing']} are ongoing, {plan['at_risk']} at risk"

    def _some_actions(self, plan: dict[str, int], counted: str) -> Iterator[str]:
        if 0 in (plan["total"], plan["ongoing"]) or plan["total"] == 1:
            yield "all are complete, or there is one"
        expected = [f"{plan[name]:,}" for name in ("complete", "total", "ongoing")]
        in_digits = re.sub(rf"\b{WORDS[0]}\b", "0", counted.split(";")[0])
        if self.numbers(in_digits) != expected:
            yield f"its figures are {expected}"
        if plan["ongoing"] == 1:
            risk = "; it is at risk" if plan["at_risk"] else "; it is not at risk"
            if not counted.endswith(risk):
                yield f"{plan['at_risk']} is at risk"
        else:
            words = re.findall(
                r"; ([\w,]+) of the ongoing actions (?:is|are) at risk$", counted
            )
            if [number(word) for word in words] != [plan["at_risk"]]:
                yield f"{plan['at_risk']} are at risk"
        verbs = re.findall(r"\b(is|are)\b", counted)
        singular = [plan[name] == 1 for name in ("complete", "ongoing", "at_risk")]
        singular[2] |= plan["ongoing"] == 1
        if verbs != ["is" if one else "are" for one in singular]:
            yield "is or are"

    def _measures(self, said: Said) -> Iterator[str]:
        rows = self._on_page_one()
        headline, _, listed = said.text.removesuffix(".").rpartition(": ")
        codes = self.codes(headline)
        (code,) = codes or [None]
        names = [
            re.match(rf"({'|'.join(map(re.escape, self.names))})(?: \(|$)", item)[1]
            for item in listed.split("; ")
        ]
        expected = [name for name, change_code in rows if change_code == code]
        if sorted(names) != sorted(expected):
            yield f"the measures are {expected}"
        (word,) = re.findall(r"(\w+) measures?", headline)
        if number(word) != len(names):
            yield f"{len(names)} are listed"
        for name, item in zip(names, listed.split("; "), strict=True):
            counts = self._twelve_months(name)
            if counts and item != f"{name}{counts}":
                yield f"{name} has {counts}"

    def _on_page_one(self) -> list[tuple]:
        """Return the measures of page one, each with the code of its 12 months."""
        return self._rows(
            "select measures.measure_name, comparisons.change_code"
            " from reporting.rpt_board_measures as measures"
            " left join reporting.rpt_board_comparisons as comparisons"
            " on measures.quarter = comparisons.quarter"
            " and measures.force_code = comparisons.force_code"
            " and measures.measure = comparisons.measure"
            " and comparisons.comparison = 'previous_12_months'"
            " where measures.quarter = $quarter and measures.force_code = $force"
        )

    def _twelve_months(self, name: str) -> str | None:
        """Return the text after the name, such as ' (4,177, +26.9%)'."""
        rows = self._cells(
            "r.table_name in ('rolling_12_months', 'other_measures_12_months')"
            " and r.measure_name = $name",
            name=name,
        )
        for row in rows:
            cells = row["cells"]
            if "current_12_months" not in cells:
                return ""
            text = printed(cells["current_12_months"])
            pct = cells.get("difference_pct")
            if pct is None:
                return f" ({text})"
            sign = "+" if pct > 0 else "\u2212" if pct < 0 else ""
            return f" ({text}, {sign}{abs(pct):.1f}%)"
        return None

    def _strands_at_risk(self, said: Said) -> Iterator[str]:
        rows = self._cells("r.table_name = 'delivery_progress'")
        at_risk = [
            r["strand"]
            for r in rows
            if r["cells"].get("at_risk") and r["strand"] in self.strands.values()
        ]
        word = re.sub("^No$", "none", said.text.split(" ")[0])
        if number(word) != len(at_risk):
            yield f"at risk are {at_risk}"
        if ": " in said.text:
            listed = said.text.split(": ", 1)[1].split(" (see ")[0]
            for name in at_risk:
                if name not in listed:
                    yield f"{name} is missing"
                listed = listed.replace(name, "")
            if re.sub(r", | and ", "", listed).strip(" ."):
                yield f"{listed} is not at risk"
        yield from self._strands(said)

    def _strands(self, said: Said) -> Iterator[str]:
        for word in re.findall(r"(\w+) thematic strands", said.text):
            if word != "The" and word in WORDS and number(word) != len(self.strands):
                yield f"there are {len(self.strands)} strands"
        sections = self._rows(
            "select section_number, section_heading from reporting.rpt_sections"
            " where quarter = $quarter and force_code = $force"
        )
        for n in re.findall(r"see section ([\d.]+\d)", said.text):
            if not dict(sections).get(n, "").startswith("Risks"):
                yield f"section {n} is another"
