"""Writes pages of docs/ from contracts and models, so that they stay up to date.

`docs/what_to_send_us.md` is for the supplier's IT team: every extract, from its
contract. `docs/data_dictionary.md` is for analysts: every mart and report table, what
one row is, and its columns, from dbt's manifest; `docs/dictionary.html` has the same
columns and a field to search them. The exposure `analysts_sql` names every mart.
"""

import csv
import html
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from dagster_project import descriptions, settings
from dagster_project.intake import contracts, plausibility
from dagster_project.intake.deliveries import SUFFIXES
from dagster_project.transform import manifest
from dagster_project.warehouse import projection

DOCS = settings.REPOSITORY / "docs"
# Of dbt: what analysts read, as a YAML file beside the other exposures.
EXPOSURE = "../dbt_project/models/reporting/_analysts_sql.yml"
MADE_BY = "<!-- Made by `make docs`; a test checks that it is up to date. -->"
TYPES = {
    "varchar": "text",
    "varchar[]": "texts, separated by `|`",
    "boolean": "`Y` or `N`",
    "date": "`YYYY-MM-DD`",
    "timestamp": "`YYYY-MM-DDTHH:MM:SS`, local time",
    "integer": "whole number",
}
# If a column has more allowed values than this, the page names their seed instead.
LISTED_VALUES = 30
LAYERS = {
    "marts": "Marts: for analysts",
    "reporting": "Report tables: what the pack shows",
    "intermediate": "Intermediate: the steps between",
    "staging": "Staging: what was delivered, typed",
}
WITH_COLUMNS = ("marts", "reporting")
RESTRICTED_COLUMN = "Only in the restricted file."


def write() -> list[Path]:
    """Write every page; return the files."""
    DOCS.mkdir(exist_ok=True)
    files = []
    for name, text in pages().items():
        files.append((DOCS / name).resolve())
        files[-1].write_text(text, encoding="utf-8")
    return files


def pages() -> dict[str, str]:
    """Return the text of every page, by file name."""
    return {
        "what_to_send_us.md": what_to_send_us(),
        "data_dictionary.md": data_dictionary(),
        "dictionary.html": dictionary_to_search(),
        EXPOSURE: analysts_sql(),
    }


def analysts_sql() -> str:
    """The exposure of the marts to analysts, from the files of the marts."""
    folder = Path(__file__).parent
    files = (settings.DBT_PROJECT / "models" / "marts").rglob("*.sql")
    marts = sorted(path.stem for path in files if "steps" not in path.parts)
    refs = [f"      - ref('{name}')" for name in marts]
    text = (folder / "analysts_sql.yml").read_text("utf-8")
    return "\n".join([text.rstrip(), *refs, ""])


def dictionary_to_search() -> str:
    """The page of every column of marts and report tables, with a field to search."""
    lines = [
        f"<tr><th>{_cell(table)}</th><td>{_cell(column)}</td>"
        f"<td>{_cell(data_type)}</td><td>{_cell(description)}</td></tr>"
        for table, column, data_type, description in (*_described(), *_laid_out())
    ]
    page = (Path(__file__).parent / "dictionary.html").read_text("utf-8")
    return page.replace("<!-- rows -->", "\n".join(lines))


def _described() -> Iterator[tuple[str, str, str, str]]:
    """Table, column, type and description of all marts and report tables."""
    for node in _models():
        if node["schema"] in WITH_COLUMNS:
            table = f"{node['schema']}.{node['name']}"
            yield table, "", "", node["description"]
            for name, column in node["columns"].items():
                yield table, name, column["data_type"] or "", column["description"]


def _laid_out() -> Iterator[tuple[str, str, str, str]]:
    """The same of the views of the pack's tables."""
    meanings = _meanings()
    tables = {row["table_name"]: row for row in _seed("report_tables")}
    described = set()
    for row in _seed("table_columns"):
        name = row["table_name"]
        if name in tables and name not in described:
            described.add(name)
            yield f"reporting.rpt_{name}", "", "", tables[name]["table_description"]
        column = row["column_name"]
        yield f"reporting.rpt_{name}", column, row["data_type"], meanings[column]


def _meanings() -> dict[str, str]:
    """The description of each column of the layout, as the macro lay_out_tables finds
    it.
    """
    described = {
        name: column["description"]
        for node in _models()
        if node["schema"] in WITH_COLUMNS
        for name, column in node["columns"].items()
    }
    return {
        row["column_name"]: row["column_description"] or described[row["column_name"]]
        for row in _seed("report_columns")
    }


def _cell(text: str) -> str:
    return html.escape(_one_line(text), quote=False)


def _models() -> list[dict]:
    """The models of dbt's manifest as they are published, in order of their names."""
    nodes = json.loads(manifest.prepared().read_text(encoding="utf-8"))["nodes"]
    models = [node for node in nodes.values() if node["resource_type"] == "model"]
    published_as = {
        name: column["config"]["meta"]["published_as"]
        for node in models
        for name, column in node["columns"].items()
        if "published_as" in column["config"]["meta"]
    }
    renamed = projection.renaming_by(published_as)
    for node in models:
        if node["schema"] in WITH_COLUMNS:
            node["description"] = renamed(node["description"])
            node["columns"] = dict(
                _published(name, column, renamed)
                for name, column in node["columns"].items()
            )
    return sorted(models, key=lambda node: node["name"])


def _published(
    name: str, column: dict, renamed: Callable[[str], str]
) -> tuple[str, dict]:
    """A column as analysts get it, with its name."""
    meta = column["config"]["meta"]
    description = column["description"]
    if key := meta.get("published_as"):
        words = projection.KEY_COMMENT.format(key.removesuffix("_key"))
        return key, column | {"description": words}
    if meta.get("restricted"):
        description = f"{description} {RESTRICTED_COLUMN}"
    return name, column | {"description": renamed(description)}


def what_to_send_us() -> str:
    """Return the page for the supplier's IT team, from the contracts and the seeds."""
    parts = [MADE_BY, (Path(__file__).parent / "what_to_send_us.md").read_text("utf-8")]
    parts += [_extract_section(extract) for extract in settings.force_extracts()]
    return "\n".join(part.strip() + "\n" for part in parts)


def _extract_section(extract: str) -> str:
    contract = contracts.load_contract(extract)
    declared = contracts.declaration(extract)
    row = {row["extract"]: row for row in _seed("extracts")}[extract]
    names = f"`{extract}_YYYYMMDDTHHMMSS`"
    lines = [
        f"## {extract}",
        "",
        f"{row['extract_description']}.",
        "",
        f"- {_delivery(extract, contract.delivery)}",
        f"- Every {contract.cadence_days} days, into the folder `{extract}`, named"
        f" {names} with one of {', '.join(f'`{suffix}`' for suffix in SUFFIXES)}. If a"
        " file's time is more than"
        f" {plausibility.farthest(contract).days} days after the delivery before it, we"
        " do not load it until you confirm it.",
        f"- Text files in {contract.encoding.upper()}, separated by commas.",
        f"- Key: {', '.join(f'`{key}`' for key in contract.key_columns)}.",
        f"- Read as empty: {', '.join(f'`{text}`' for text in contract.empty_texts)}.",
        "",
        "| Column | Type | Required | Values | What it is |",
        "|---|---|---|---|---|",
        *(_column_line(column) for column in declared["columns"]),
    ]
    rules = declared.get("config", {}).get("meta", {}).get("rules", [])
    if rules:
        lines += ["", "A line is held for any of these faults:", ""]
        lines += [f"- {rule['fault']}. {rule['remedy']}" for rule in rules]
    header = ",".join(contract.columns)
    return "\n".join([*lines, "", "```csv", header, "```"])


def _delivery(extract: str, delivery: str) -> str:
    check = plausibility.volume_check(extract, delivery)
    if delivery == "delta":
        return (
            "New and changed rows only, since the last file. The first file contains"
            " all rows. If a file has fewer rows a day than"
            f" {check.least_share:.0%} of the usual number (the median of the last"
            f" {check.trailing_files} files), or no rows, we do not load it until you"
            " confirm it."
        )
    return (
        "Every row that exists, each time. A row that is left out is taken as deleted."
        f" If a file has fewer than {check.least_share:.0%} of the usual rows (the"
        f" median of the last {check.trailing_files} files), or no rows, we do not load"
        " it until you confirm it."
    )


def _column_line(column: dict) -> str:
    meta = contracts.meta(column)
    cells = [
        f"`{column['name']}`",
        TYPES.get(column["data_type"], f"number (`{column['data_type']}`)"),
        "yes" if meta.get("required") else "",
        _values(meta),
        descriptions.plain(column["description"]),
    ]
    return (
        "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"
    )


def _values(meta: dict) -> str:
    words = []
    if "allowed" in meta:
        words.append(", ".join(meta["allowed"]))
    if "known_in" in meta:
        others = ", others reported" if meta.get("if_unknown") == "counted" else ""
        words.append(_known(meta["known_in"]) + others)
    words += ["free text"] if meta.get("free_text") else []
    words += [f"at least {meta['min']}"] if "min" in meta else []
    words += [f"at most {meta['max']}"] if "max" in meta else []
    return "; ".join(words)


def _known(known_in: str | list[str]) -> str:
    places = [known_in] if isinstance(known_in, str) else known_in
    pairs = [place.split(".") for place in places]
    values = [row[column] for seed, column in pairs for row in _seed(seed)]
    values = list(dict.fromkeys(value for value in values if value))
    if len(values) <= LISTED_VALUES:
        return ", ".join(values)
    path = settings.seed(pairs[0][0]).relative_to(settings.REPOSITORY)
    return f"one of the {len(values)} in `{path.as_posix()}`"


def _seed(name: str) -> list[dict[str, str]]:
    with settings.seed(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def data_dictionary() -> str:
    """Return the page for analysts, from dbt's manifest."""
    models = _models()
    parts = [MADE_BY, "# Data dictionary"]
    for layer, title in LAYERS.items():
        chosen = [node for node in models if node["schema"] == layer]
        parts.append(f"## {title}")
        if layer in WITH_COLUMNS:
            parts += [_model_section(node) for node in chosen]
        else:
            parts.append("\n".join(_model_line(node) for node in chosen))
    parts += _laid_out_tables()
    return "\n\n".join(parts) + "\n"


def _laid_out_tables() -> list[str]:
    """Return the section on the views of the pack's tables, from the layout seeds."""
    layout: dict[str, list[str]] = {}
    for row in _seed("table_columns"):
        layout.setdefault(row["table_name"], []).append(row["column_name"])
    printed = {name for names in layout.values() for name in names}
    tables = [
        f"- `reporting.rpt_{row['table_name']}`: {_one_line(row['table_description'])}"
        f" Columns: {', '.join(layout[row['table_name']])}."
        for row in _seed("report_tables")
        if row["table_name"] in layout
    ]
    meanings = [
        f"| `{name}` | {_one_line(meaning)} |"
        for name, meaning in _meanings().items()
        if name in printed
    ]
    return [
        "## Tables of the pack, laid out",
        "Each is a view of `reporting.rpt_rows` and `reporting.rpt_cells`: one row per"
        " row of the table. `quarter`, `force_code` and `row_position` come before the"
        " columns that are named here.",
        "\n".join(tables),
        "\n".join(["| Column | What it is |", "|---|---|", *meanings]),
    ]


def _model_line(node: dict) -> str:
    return f"- `{node['schema']}.{node['name']}`: {_one_line(node['description'])}"


def _model_section(node: dict) -> str:
    lines = [
        f"### {node['schema']}.{node['name']}",
        "",
        _one_line(node["description"]),
        "",
        "| Column | Type | What it is |",
        "|---|---|---|",
    ]
    for name, column in node["columns"].items():
        description = _one_line(column["description"]).replace("|", "\\|")
        lines.append(f"| `{name}` | {column['data_type'] or ''} | {description} |")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
