"""Reads the mappings of a home: `config/mappings/<extract>.yml`.

`<extract>.<anything>.yml` is a further mapping of an extract, for other files of it.
Every value is read as text, because YAML would read `no` as false and 01 as a number.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from dagster_project import settings
from dagster_project.configuration import files
from dagster_project.configuration.layers import shown
from dagster_project.configuration.mistakes import Mistake
from dagster_project.intake.mapping.model import (
    NO,
    YES,
    FileForm,
    MappedColumn,
    Mapping,
    key_of,
)

SUFFIX = ".yml"
# A draft is a mapping from `inspect --propose` that nobody has confirmed yet.
DRAFT = ".draft"
# A value that begins with this word must still be chosen by a person.
UNDECIDED = "DECIDE"
LIST_HEADER = ("theirs", "ours")
SECTIONS = ("file", "columns", "ignore")
FILE_KEYS = (
    *("files", "delimiter", "encoding", "sheets", "sheet_as"),
    *("header_row", "footer"),
    *("decimal", "thousands", "empty"),
)
COLUMN_KEYS = (
    *("from", "join", "split", "part", "always", "if_empty", "values", "others"),
    *("yes", "no", "format", "zone", "time", "separator", "decimal", "thousands"),
    *("prefix", "add"),
)
DELIMITERS = {
    **{",": ",", ";": ";", "|": "|", "\t": "\t", "tab": "\t", "\\t": "\t"},
    **{"comma": ",", "semicolon": ";", "bar": "|"},
}


@dataclass
class _Found:
    """What was found in one file so far: the line of each key, and the mistakes."""

    name: str
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    read: list[bytes] = field(default_factory=list)

    def wrong(self, key: str, text: str, line: int | None = None) -> None:
        line = self.lines.get(key, 1) if line is None else line
        self.mistakes.append(Mistake(self.name, line, key, text))


def paths(configs: Iterable[Path]) -> list[Path]:
    """Return the mapping files in some folders of configuration, without drafts."""
    found = (
        path
        for config in configs
        for path in sorted((config / settings.MAPPINGS).glob(f"*{SUFFIX}"))
    )
    return [path for path in found if not path.stem.endswith(DRAFT)]


def extract_of(path: Path) -> str:
    return path.name.partition(".")[0]


def read(path: Path) -> tuple[Mapping | None, list[Mistake]]:
    """Read a mapping as far as possible; return it with the mistakes of the file."""
    content = path.read_bytes()
    found = _Found(shown(path), read=[content])
    try:
        top = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.CBaseLoader)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found.wrong("", "is not in UTF-8 from this line on: save it as UTF-8", line)
        return None, found.mistakes
    except yaml.YAMLError as error:
        found.wrong("", *_not_yaml(error))
        return None, found.mistakes
    if top is None:
        found.wrong("", "is empty: write the columns, or remove the file", 1)
        return None, found.mistakes
    sections = _keys(found, top, "", SECTIONS)
    form = _form(found, sections.get("file"))
    columns = {}
    for target, node in _keys(found, sections.get("columns"), "columns").items():
        columns[target] = _column(found, target, node, path.parent)
    ignored = _texts(found, sections.get("ignore"), "ignore")
    mapping = Mapping(
        path=found.name,
        extract=extract_of(path),
        sha256=hashlib.sha256(b"\0".join(found.read)).hexdigest(),
        form=form,
        columns=columns,
        ignored=frozenset(_name(text) for text in ignored),
        lines=found.lines,
    )
    return mapping, found.mistakes


def _not_yaml(error: yaml.YAMLError) -> tuple[str, int]:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return (
        f"cannot be read ({problem}). Indent with spaces, put a space after each colon,"
        " and put quotation marks around a text with : # [ ] { } or , at its beginning"
        " or a colon and a space within it",
        mark.line + 1 if mark else 1,
    )


def _keys(
    found: _Found, node: yaml.Node | None, path: str, known: Sequence[str] = ()
) -> dict[str, yaml.Node]:
    """Return the nodes of a block by key; unknown and repeated keys are mistakes."""
    if node is None or _is_nothing(node):
        return {}
    if not isinstance(node, yaml.MappingNode):
        text = "is not a list of `name: value` lines"
        found.wrong(path, text, node.start_mark.line + 1)
        return {}
    keys: dict[str, yaml.Node] = {}
    for name_node, value in node.value:
        name, line = str(name_node.value), name_node.start_mark.line + 1
        key = f"{path}.{name}" if path else name
        if known and name not in known:
            text = f"is not known here. Known: {', '.join(known)}"
            found.wrong(key, text, line)
        elif name in keys:
            first = found.lines[key]
            found.wrong(key, f"is there twice, first in line {first}: keep one", line)
        else:
            keys[name] = value
            found.lines[key] = line
    return keys


def _is_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style


def _text(found: _Found, node: yaml.Node | None, key: str) -> str | None:
    if node is None:
        return None
    if not isinstance(node, yaml.ScalarNode):
        found.wrong(key, "is not one text", node.start_mark.line + 1)
        return None
    if node.value.startswith(UNDECIDED):
        text = (
            f"is not decided yet: {node.value.removeprefix(UNDECIDED).strip(' :')}."
            f" Write what is right in place of {UNDECIDED} and what follows it"
        )
        found.wrong(key, text, node.start_mark.line + 1)
        return None
    return node.value


def _texts(found: _Found, node: yaml.Node | None, key: str) -> tuple[str, ...]:
    """Return a text, or a list of texts, as a tuple."""
    if node is None or _is_nothing(node):
        return ()
    if isinstance(node, yaml.SequenceNode):
        texts = [_text(found, each, key) for each in node.value]
        return tuple(text for text in texts if text is not None)
    text = _text(found, node, key)
    return () if text is None else (text,)


def _number(found: _Found, node: yaml.Node | None, key: str) -> int | None:
    text = _text(found, node, key)
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        found.wrong(key, f"'{text}' is not a whole number of 1 or more")
        return None
    return int(text)


def _form(found: _Found, node: yaml.Node | None) -> FileForm:
    keys = _keys(found, node, "file", FILE_KEYS)

    def text(name: str) -> str | None:
        return _text(found, keys.get(name), f"file.{name}")

    def texts(name: str) -> tuple[str, ...]:
        return _texts(found, keys.get(name), f"file.{name}")

    delimiter = text("delimiter") or ","
    if delimiter not in DELIMITERS:
        words = "is none of: comma, semicolon, tab, bar"
        found.wrong("file.delimiter", f"'{delimiter}' {words}")
    return FileForm(
        names=text("files") or "*",
        delimiter=DELIMITERS.get(delimiter, ","),
        encoding=text("encoding"),
        sheets=texts("sheets"),
        sheet_as=_name(text("sheet_as") or "") or None,
        header_row=_number(found, keys.get("header_row"), "file.header_row"),
        footer=tuple(each for each in texts("footer") if each.strip()),
        decimal=text("decimal") or ".",
        thousands=text("thousands") or "",
        empty=texts("empty"),
    )


def _column(
    found: _Found, target: str, node: yaml.Node, folder: Path
) -> MappedColumn | None:
    """Read a column; `crime_id: Crime Ref` is short for a column with only `from`."""
    path = f"columns.{target}"
    if isinstance(node, yaml.ScalarNode):
        source = _text(found, node, path)
        if source == "":
            text = (
                'has no column of the export. Write its name, or always: "" if the'
                " export has none"
            )
            found.wrong(path, text)
        return MappedColumn(target, (_name(source),) if source else ())
    keys = _keys(found, node, path, COLUMN_KEYS)

    def text(name: str) -> str | None:
        return _text(found, keys.get(name), f"{path}.{name}")

    def texts(name: str) -> tuple[str, ...]:
        return _texts(found, keys.get(name), f"{path}.{name}")

    part = _number(found, keys.get("part"), f"{path}.part")
    others = text("others") or "held"
    if others not in ("held", "kept"):
        words = "is neither held nor kept"
        found.wrong(f"{path}.others", f"'{others}' {words}")
    values = _values(found, keys.get("values"), f"{path}.values", folder)
    for name, meant in (("yes", YES), ("no", NO)):
        for word in texts(name):
            _add(found, values, word, meant, f"{path}.{name}", found.lines.get(path, 1))
    # The contract's own texts are always known in a column of yes and no.
    if "yes" in keys or "no" in keys:
        values = {YES.casefold(): YES, NO.casefold(): NO} | values
    return MappedColumn(
        target=target,
        sources=tuple(_name(each) for each in texts("from")),
        join=text("join"),
        always=text("always"),
        if_empty=text("if_empty"),
        split=text("split"),
        part=part or 1,
        values=values,
        list_file=_list_file(keys.get("values"), folder),
        others=others,
        format=text("format"),
        zone=text("zone"),
        time=text("time"),
        separator=text("separator"),
        decimal=text("decimal"),
        thousands=text("thousands"),
        prefix=text("prefix") or "",
        adds=_adds(found, keys.get("add"), target, folder),
    )


def _adds(
    found: _Found, node: yaml.Node | None, target: str, folder: Path
) -> tuple[MappedColumn, ...]:
    """Columns of the export that give further values of a list, by their code lists."""
    path = f"columns.{target}.add"
    return tuple(
        MappedColumn(
            target,
            (_name(name),),
            values=_values(found, values, f"{path}.{name}", folder),
            list_file=_list_file(values, folder),
            place=f"{path}.{name}",
        )
        for name, values in _keys(found, node, path).items()
    )


def _name(text: str) -> str:
    """Return a column's name as the readers write it."""
    return text.strip().lower()


def _values(
    found: _Found, node: yaml.Node | None, path: str, folder: Path
) -> dict[str, str]:
    """Read a code list: in place, or from a two-column CSV file beside the mapping."""
    values: dict[str, str] = {}
    if isinstance(node, yaml.ScalarNode) and not _is_nothing(node):
        if name := _text(found, node, path):
            _read_list(found, values, folder / name, path)
        return values
    for theirs, value in _keys(found, node, path).items():
        key = f"{path}.{theirs}"
        ours = _text(found, value, key)
        if ours is not None:
            _add(found, values, theirs, ours, key, found.lines[key])
    return values


def _list_file(node: yaml.Node | None, folder: Path) -> str | None:
    is_file = isinstance(node, yaml.ScalarNode) and not _is_nothing(node)
    return shown(folder / node.value) if is_file else None


def _read_list(found: _Found, values: dict[str, str], path: Path, key: str) -> None:
    if path.suffix.lower() != ".csv" or not path.is_file():
        text = (
            f"{path.name} is not a CSV file beside the mapping. Write `theirs: ours`"
            " lines below `values`, or put the file there"
        )
        found.wrong(key, text)
        return
    found.read.append(path.read_bytes())
    listed = files.read_csv(path, shown(path), may_be_marked=True)
    found.mistakes += listed.mistakes
    if listed.header != LIST_HEADER:
        text = f"its header is not {','.join(LIST_HEADER)}"
        found.mistakes.append(Mistake(listed.name, 1, "", text))
        return
    for row, cells in listed.rows:
        theirs, ours = cells["theirs"], cells["ours"] or ""
        before = values.get(key_of(theirs or ""))
        if not theirs:
            text = "is empty: write the export's value"
            found.mistakes.append(listed.mistake(row, "theirs", text))
        elif ours.startswith(UNDECIDED):
            text = f"'{theirs}' is not decided yet: {ours}"
            found.mistakes.append(listed.mistake(row, "ours", text))
        elif before not in (None, ours):
            text = f"'{theirs}' is {before} in an earlier row: keep one"
            found.mistakes.append(listed.mistake(row, "theirs", text))
        else:
            values[key_of(theirs)] = ours


def _add(
    found: _Found, values: dict[str, str], theirs: str, ours: str, key: str, line: int
) -> None:
    before = values.setdefault(key_of(theirs), ours)
    if before != ours:
        text = f"'{theirs}' is {before} and {ours} (capitals do not matter): keep one"
        found.wrong(key, text, line)
