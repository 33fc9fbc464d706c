"""Drafts a mapping: what the export shows, and what a person must decide.

What is certain is written as it would be used, with its evidence. What is not certain
begins with DECIDE, which the check of the configuration refuses.
"""

import csv
import difflib
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dagster_project import configuration, stores
from dagster_project.errors import DeliveryError
from dagster_project.inspection import evidence, exports
from dagster_project.inspection.exports import Export
from dagster_project.intake import contracts
from dagster_project.intake.contracts import Contract
from dagster_project.intake.mapping.declared import DRAFT, SUFFIX, UNDECIDED
from dagster_project.intake.mapping.model import key_of
from dagster_project.intake.mapping.patterns import TIMESTAMP, ZONES
from dagster_project.intake.mapping.values import BOOLEAN, LIST, TIMES
from dagster_project.settings import Home

# Words that systems use in column names → our words.
WORDS_OF_COLUMNS = Path(__file__).parent / "column_words.csv"
IGNORED_WORDS = {"is", "the", "of", "a", "at", "date", "time", "code", "and", "on"}
TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]m)?", re.IGNORECASE)
SURE, POSSIBLE = 0.75, 0.4
# Number of different values of a column that are examined.
MOST_TRIED = 500
# A column with more different values than this is not a flag in other words.
MOST_WORDS_OF_A_FLAG = 12
SAFE = re.compile(r"[A-Za-z][A-Za-z0-9 _()/.-]*")
# Words that YAML or a person would misread unless they are in quotation marks.
WORDS = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"}


@dataclass(frozen=True)
class Draft:
    """The path of a draft, and how many of its columns a person must decide."""

    path: Path
    columns: int
    undecided: int


def write(path: Path, contract: Contract, home: Home) -> Draft:
    """Write a draft mapping of an export into the configuration of a home.

    Raises:
        DeliveryError: a mapping or a draft exists already, or the export cannot be
            read.
    """
    target = home.mappings / f"{contract.extract}{DRAFT}{SUFFIX}"
    mapping = contract.mapping_of(path.name)
    if mapping or target.exists():
        raise DeliveryError(
            f"{mapping.path if mapping else target}: this is there already, and nothing"
            " is written over it. Rename or remove it to have another draft made."
        )
    export = exports.read(path)
    lines = _Proposal(export, contract, home).lines(path.name)
    home.mappings.mkdir(parents=True, exist_ok=True)
    with stores.replacing(target) as partial:
        partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    undecided = sum(UNDECIDED in line.partition("#")[0] for line in lines)
    return Draft(target, len(contract.columns), undecided)


class _Proposal:
    """The lines of a draft."""

    def __init__(self, export: Export, contract: Contract, home: Home) -> None:
        self._export, self._contract, self._home = export, contract, home
        self._texts = {
            name: exports.distinct(texts) for name, texts in export.columns.items()
        }
        declared = contracts.declaration(contract.table)["columns"]
        self._meta = {each["name"]: contracts.meta(each) for each in declared}
        self._pairs: set[str] = set()
        self._lists_of_export: list[str] = []
        self._tried = {
            name: Counter(dict(texts.most_common(MOST_TRIED)))
            for name, texts in self._texts.items()
        }
        self._dates = {n for n, texts in self._tried.items() if self._are_dates(texts)}
        self._lists = {target: self._list(target) for target in contract.columns}
        self._keys = {
            target: {key_of(text) for text in known}
            for target, known in self._lists.items()
        }

    def lines(self, file_name: str) -> list[str]:
        rows = max(map(len, self._export.columns.values()), default=0)
        lines = [
            f"# A draft, proposed from {file_name} ({rows:,} rows). Check each line,"
            " decide what",
            f"# says {UNDECIDED}, and name the file {self._contract.extract}{SUFFIX}."
            " A run reads no draft.",
            *(f"# {note[0].upper()}{note[1:]}." for note in self._export.notes),
        ]
        if self._export.form:
            lines.append("file:")
            lines += [f"  {k}: {_yaml(v)}" for k, v in self._export.form.items()]
        lines.append("columns:")
        chosen = self._chosen()
        self._lists_of_export = [
            name
            for target, (name, _) in chosen.items()
            if self._contract.data_types[target] == LIST
        ]
        for target in self._contract.columns:
            lines += self._column(target, *chosen.get(target, ("", 0.0)))
        used = {name for name, _ in chosen.values()} | self._pairs
        if rest := [name for name in self._export.columns if name not in used]:
            lines += [
                "# Columns of the export that no line above reads. They are kept beside"
                " each line.",
                "# Remove the # of each that is to be ignored, and is not to be kept.",
                "ignore:",
                *(f"#  - {_yaml(name)}" for name in rest),
            ]
        return lines

    def _chosen(self) -> dict[str, tuple[str, float]]:
        """Return column of the contract → (likeliest column of the export, score 0 to
        1).
        """
        scores = sorted(
            (
                (self._score(target, name), -place, target, name)
                for target in self._contract.columns
                for place, name in enumerate(self._export.columns)
            ),
            reverse=True,
        )
        found: dict[str, tuple[str, float]] = {}
        for score, _, target, name in scores:
            taken = {each for each, _ in found.values()}
            if score >= POSSIBLE and target not in found and name not in taken:
                found[target] = (name, score)
        return found

    def _score(self, target: str, name: str) -> float:
        """Return from 0 to 1 how alike the names are; 0 if the values cannot belong."""
        if key_of(name) == target:
            return 1.0
        # Ignore the noun of the extract: `crime_status` may be called Status.
        noun = {self._contract.extract.removesuffix("s")}
        # A column that is named as the noun itself, such as Action, has its title.
        ours, theirs = _words(target) - noun, _words(name) - noun or {"title"}
        shared = len(ours & theirs) / max(len(ours | theirs), 1)
        sorted_words = (" ".join(sorted(words)) for words in (ours, theirs))
        alike = difflib.SequenceMatcher(None, *sorted_words).ratio()
        likeness = max(shared, alike * 0.8)
        fits = self._fits(target, name)
        return 0.0 if fits == 0 else min(1.0, likeness * 0.7 + fits * 0.3)

    def _fits(self, target: str, name: str) -> float:
        """Return the share of values that may belong; 0.5 if nothing is known."""
        kind = self._contract.data_types[target]
        if not self._texts[name]:
            return 0.5
        if target in self._contract.key_columns:
            return float(len(self._texts[name]) == self._texts[name].total())
        texts = self._tried[name]
        if kind in TIMES:
            # The date may be in a separate column, next to the time.
            return float(name in self._dates)
        if kind == BOOLEAN:
            yes, no, _ = evidence.yes_or_no(texts)
            known = sum(texts[text] for text in (*yes, *no)) / texts.total()
            # Its words may be others, such as Red, Amber and Green.
            return max(known, 0.2 * (len(texts) <= MOST_WORDS_OF_A_FLAG))
        if known := self._keys[target]:
            parts = _parts(texts) if kind == LIST else texts
            found = sum(n for text, n in parts.items() if key_of(text) in known)
            return max(found / max(parts.total(), 1), 0.2)
        return 0.5

    def _are_dates(self, texts: Counter[str]) -> bool:
        is_typed = self._export.is_typed
        if is_typed and texts and all(map(evidence.TYPED.fullmatch, texts)):
            return True
        return evidence.dates(texts, is_typed) is not None

    def _list(self, target: str) -> dict[str, str]:
        """Return every text by which a value of a column is known → its code."""
        meta = self._meta[target]
        found = {str(value): str(value) for value in meta.get("allowed", ())}
        places = meta.get("known_in", [])
        for place in [places] if isinstance(places, str) else places:
            seed, column = place.split(".")
            stem = column.removesuffix("_code")
            for row in configuration.rows(seed, self._home):
                if code := row[column]:
                    found.setdefault(code, code)
                    if name := row.get(f"{stem}_name"):
                        found.setdefault(name, code)
        return found

    def _column(self, target: str, name: str, score: float) -> list[str]:
        if score < POSSIBLE:
            listed = self._in_a_list(target)
            return listed or [f"  {target}: {_undecided(self._missing(target))}"]
        texts = self._texts[name]
        kind = self._contract.data_types[target]
        source = _yaml(name)
        is_required = self._meta[target].get("required")
        nothing = "" if is_required else ' (if none, always: "")'
        if score < SURE:
            source = _undecided(f"is it the column {name}?{nothing}")
        if not texts:
            return [f"  {target}: {source}  # no value in this file"]
        if kind in TIMES:
            pair = self._time_of(name) if kind == TIMESTAMP else None
            if pair:
                if score < SURE:
                    source = _undecided(f"is it [{name}, {pair}]?{nothing}")
                else:
                    source = f"[{source}, {_yaml(pair)}]"
                source += '\n    join: " "'
                both = (self._export.columns[each] for each in (name, pair))
                rows = zip(*both, strict=True)
                texts = exports.distinct(" ".join(row).strip() for row in rows)
                self._pairs.add(pair)
            return self._dated(target, source, texts, kind)
        if kind == BOOLEAN:
            return self._flag(target, source, texts)
        if self._lists[target]:
            return self._codes(target, source, texts, kind)
        return [f"  {target}: {source}"]

    def _time_of(self, name: str) -> str | None:
        """Return the column with the times of day of a column of dates, or None."""
        for other, texts in self._texts.items():
            is_time = texts and all(map(TIME_OF_DAY.fullmatch, texts))
            if is_time and _words(other) == _words(name):
                return other
        return None

    def _in_a_list(self, target: str) -> list[str]:
        """Return the lines of a flag that may be a word of a list; empty if none is."""
        if self._contract.data_types[target] != BOOLEAN:
            return []
        ours = _words(target) - {self._contract.extract.removesuffix("s")}
        for name in self._lists_of_export:
            between = evidence.separator(self._tried[name])
            for part, count in _parts(self._tried[name]).most_common():
                if between and len(ours & _words(part)) * 2 >= len(ours | _words(part)):
                    found = f"It is a list with {part} in {evidence.values(count)}"
                    return [
                        f"  {target}:",
                        f"    from: {_undecided(f'is it {name}? {found}')}",
                        f"    separator: {_yaml(between)}",
                        f"    yes: {_yaml([part])}",
                    ]
        return []

    def _missing(self, target: str) -> str:
        if self._meta[target].get("required"):
            return (
                "no column of the export looks like it, and it is required. Name a"
                " column, also one that another line reads, or write {always: <value>}"
            )
        return (
            "no column of the export looks like it. Name a column, or write"
            ' {always: ""} if there is none'
        )

    def _dated(
        self, target: str, source: str, texts: Counter[str], kind: str
    ) -> list[str]:
        lines = [f"  {target}:", f"    from: {source}"]
        found = evidence.dates(texts, self._export.is_typed)
        if found is None:
            typed = sum(n for t, n in texts.items() if evidence.TYPED.fullmatch(t))
            if self._export.is_typed and typed == texts.total() and typed:
                lines.append(f"    # all {typed:,} values are dates, not texts")
                if kind == TIMESTAMP:
                    lines.append("    format: yyyy-MM-ddTHH:mm:ss")
                    lines.append(f"    zone: {_zone()}")
                return lines
            text = "which format? No value is a date of a known format"
            return [*lines, f"    format: {_undecided(text)}"]
        lines.append(f"    # {found.evidence}")
        if found.is_certain:
            lines.append(f"    format: {_yaml(found.patterns[0])}")
        else:
            either = " or ".join(found.patterns)
            lines.append(f"    format: {_undecided(f'{either}?')}")
        if found.others:
            shown = ", ".join(repr(text) for text in found.others)
            lines.append(
                f"    # would be held, because they do not fit:"
                f" {evidence.values(found.count - found.fitting)}, such as {shown}"
            )
        has_time = any("H" in each or "h" in each for each in found.patterns)
        if has_time and not any("zzz" in each for each in found.patterns):
            lines.append(f"    zone: {_zone()}")
        if kind == TIMESTAMP and not has_time:
            text = (
                "the values have no time of day. Is it in another column? Then write"
                ' from: [date, time], join: " ", and the time in the format. If not,'
                " write the time of day for all, such as 00:00:00"
            )
            lines.append(f"    time: {_undecided(text)}")
        return lines

    def _flag(self, target: str, source: str, texts: Counter[str]) -> list[str]:
        yes, no, others = evidence.yes_or_no(texts)
        lines = [f"  {target}:", f"    from: {source}"]
        if not {*yes, *no, *others} - {"Y", "N"}:
            return [f"  {target}: {source}"]
        for word, texts_of in (("yes", yes), ("no", no)):
            if texts_of:
                lines.append(f"    {word}: {_yaml(texts_of)}")
        if others:
            shown = ", ".join(f"{text} ({texts[text]:,})" for text in others[:8])
            text = f"which of these words mean yes, and which no: {shown}"
            lines.append(f"    {'no' if yes else 'yes'}: {_undecided(text)}")
            if yes and no:
                lines[-1] = f"    values: {{? {_yaml(others[0])} : {_undecided(text)}}}"
        return lines

    def _codes(
        self, target: str, source: str, texts: Counter[str], kind: str
    ) -> list[str]:
        lines, between = [f"  {target}:", f"    from: {source}"], None
        if kind == LIST:
            between = evidence.separator(texts)
            if between and between != "|":
                lines.append(f"    separator: {_yaml(between)}")
            texts = _parts(texts)
        found = evidence.codes(texts, self._lists[target])
        others = {text: code for text, code in found.known.items() if text != code}
        if not others and not found.unknown:
            plain = len(lines) == 2
            return [f"  {target}: {source}"] if plain else lines
        if len(found.unknown) > evidence.MOST_CODES:
            lines.append(
                f"    # {len(found.unknown):,} different values are in no list"
            )
            text = "a file with the header theirs,ours, such as codes.csv"
            return [*lines, f"    values: {_undecided(text)}"]
        lines.append("    values:")
        lines += [
            f"      {_yaml(text)}: {_yaml(code)}" for text, code in others.items()
        ]
        for text, (count, near) in found.unknown.items():
            meant = f"is it {near}? " if near else ""
            if key_of(text) in evidence.NOTHING:
                meant = 'does it mean no value? Then write "". '
            question = f"{meant}{_in_no_list(count)}"
            lines.append(f"      {_yaml(text)}: {_undecided(question)}")
        if len(others) < len(found.known):
            lines.append("    # the other values are ours already")
            lines.append("    others: kept")
        return lines


def _in_no_list(count: int) -> str:
    is_one = "is" if count == 1 else "are"
    return f"{evidence.values(count)} {is_one} in no list of ours"


def _zone() -> str:
    return _undecided(f"{' or '.join(ZONES)}? The values do not say it")


def _parts(texts: Counter[str]) -> Counter[str]:
    """Return the values in lists → how often each occurs."""
    between = evidence.separator(texts)
    found: Counter[str] = Counter()
    for text, count in texts.items():
        for part in text.split(between) if between else [text]:
            if part.strip():
                found[part.strip()] += count
    return found


@cache
def _same_words() -> dict[str, str]:
    with WORDS_OF_COLUMNS.open(encoding="utf-8", newline="") as file:
        return {row["theirs"]: row["ours"] for row in csv.DictReader(file)}


def _words(name: str) -> set[str]:
    """Return the words of a column's name, translated to our words."""
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    words = re.findall(r"[a-z0-9]+", split.lower())
    same = _same_words()
    found = {same.get(word, word) for word in words if word not in IGNORED_WORDS}
    return found or set(words)


def _undecided(question: str) -> str:
    return json.dumps(f"{UNDECIDED}: {question}", ensure_ascii=False)


def _yaml(value: str | int | list[str]) -> str:
    """Return a value in YAML, in quotation marks only if necessary."""
    if isinstance(value, list):
        return f"[{', '.join(json.dumps(text, ensure_ascii=False) for text in value)}]"
    if isinstance(value, int):
        return str(value)
    text = value
    is_safe = (
        SAFE.fullmatch(text) and text.lower() not in WORDS and text == text.strip()
    )
    return text if is_safe else json.dumps(text, ensure_ascii=False)
