"""The pack: its contents, the format of figures, escapes, and failures while writing.

Two processes with different hash seeds, locales and time zones draw the packs from one
small published file (reporting_fixture).
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

import reports
from reports import PackError, headline, pack, report, style, workbook, write_pack
from reports.charts import size_of
from reports.grid import Column, Table
from reports.outline import Chart, Point, _item
from tests.reporting_fixture import CHANGE, HOSTILE, QUARTER, build_database

ROOT = Path(reports.__file__).parents[1]
DRAW = """
import sys
from pathlib import Path
from reports import write_pack
for force in ("essex", "elsewhere"):
    write_pack(Path(sys.argv[1]), sys.argv[2], force, Path(sys.argv[3]) / force,
               {"code_version": "1.2.3", "as_at": None})
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    return build_database(tmp_path_factory.mktemp("published") / "warehouse_1.duckdb")


@pytest.fixture(scope="module")
def two_runs(database, tmp_path_factory) -> list[Path]:
    """Both forces' packs, drawn by two processes at once."""
    worlds = [("1", "UTC", "C.UTF-8"), ("2", "Asia/Tokyo", "de_DE.UTF-8")]
    folders = [tmp_path_factory.mktemp(f"run_{seed}") for seed, _, _ in worlds]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DRAW, str(database), QUARTER, str(folder)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
        )
        for folder, (seed, zone, locale) in zip(folders, worlds, strict=True)
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    return folders


@pytest.fixture(scope="module")
def essex(two_runs) -> Path:
    return two_runs[0] / "essex"


@pytest.fixture(scope="module")
def elsewhere(two_runs) -> Path:
    return two_runs[0] / "elsewhere"


def files(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def page(folder: Path) -> str:
    return (folder / "annex.html").read_text(encoding="utf-8")


def lines(folder: Path, table: str) -> list[str]:
    text = (folder / "tables" / f"{table}.csv").read_bytes().decode("utf-8")
    return text.split("\n")


def table_rows(folder: Path, name: str) -> list[list]:
    """Return the cells of a table of the workbook, headings first."""
    book = openpyxl.load_workbook(folder / "report.xlsx")
    (found,) = (w for w in book.worksheets if name in w.tables)
    return [list(row) for row in found[found.tables[name].ref]]


# The contents of a pack


def test_the_metadata_file_has_the_marking_and_every_column_of_every_data_file(essex):
    first, heading, *rows = csv.reader(
        (essex / "metadata.csv").read_text(encoding="utf-8").splitlines()
    )
    assert first == ["OFFICIAL: internal draft"]
    assert heading == ["file", "title", "row_count", "column_name", "column_heading"]
    found: dict[str, list[str]] = {}
    for name, title, count, column, _ in rows:
        data = (essex / name).read_text(encoding="utf-8").splitlines()
        assert title and int(count) == len(list(csv.reader(data))) - 1
        found.setdefault(name, []).append(column)
    assert found == {
        f"tables/{path.name}": path.read_text(encoding="utf-8")
        .splitlines()[0]
        .split(",")
        for path in (essex / "tables").glob("*.csv")
    }


@pytest.mark.parametrize(
    ("name", "number_format", "value", "written"),
    [
        ("quantity", "count", Decimal("131.0"), 131),
        ("quantity", "count", Decimal("74.7"), Decimal("74.7")),
        ("difference", "signed_count", Decimal("-3.0"), -3),
        ("share_pct", "pct", Decimal("88.0"), Decimal("88.0")),
        ("value_before", "text", "6 Oct 2021", date(2021, 10, 6)),
        ("value_before", "text", "Ongoing", "Ongoing"),
        ("action_title", "text", "6 Oct 2021", "6 Oct 2021"),
    ],
)
def test_data_files_have_whole_numbers_as_such_and_one_form_of_days(
    name, number_format, value, written
):
    found = Column(name, name, number_format).data(value)
    assert found == written and type(found) is type(written)


def test_a_pack_contains_page_workbook_document_data_files_charts_and_manifest(essex):
    names = set(files(essex))
    assert {
        "index.html",
        "annex.html",
        "quality.html",
        "report.xlsx",
        "report.docx",
        "manifest.json",
    } <= names
    assert {f"tables/{t}.csv" for t in ("delivery_progress", "monthly_counts")} <= names
    assert len([name for name in names if name.startswith("charts/")]) == 8


def test_the_manifest_names_every_other_file_with_its_sha256(essex):
    manifest = json.loads((essex / "manifest.json").read_text(encoding="utf-8"))
    drawn = {k: v for k, v in files(essex).items() if k != "manifest.json"}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in drawn.items()}
    assert manifest["files"] == hashes


def test_the_manifest_keeps_what_the_caller_knew_and_the_loads_of_the_force(essex):
    manifest = json.loads((essex / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["code_version"] == "1.2.3"
    assert (manifest["quarter"], manifest["force_code"]) == (QUARTER, "essex")
    assert [load["sha256"] for load in manifest["loads"]] == ["ab" * 32]
    assert list(manifest) == sorted(manifest)


def test_the_same_inputs_give_the_same_bytes_in_different_processes(two_runs):
    first, second = map(files, two_runs)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_drawing_does_not_touch_the_published_file(database, tmp_path):
    before = database.read_bytes()
    write_pack(database, QUARTER, "elsewhere", tmp_path / "pack", {})
    assert database.read_bytes() == before
    assert [p.name for p in database.parent.iterdir()] == [database.name]


def test_a_new_table_of_the_published_file_needs_nothing_in_reports(database, tmp_path):
    copy = tmp_path / "warehouse_2.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        con.execute(
            "create table reporting.rpt_stop_searches as select * from (values "
            f"('{QUARTER}', 'elsewhere', 1, 'Weapons', 1204, 12.5::decimal(10, 1))) "
            "as t (quarter, force_code, row_position, search_reason, search_count, "
            "found_pct)"
        )
        con.execute(
            "insert into reporting.rpt_tables values (?, 'elsewhere', "
            "'stop_searches', 9, 'Stop and search', 'Searches by reason.', null, null)",
            [QUARTER],
        )
        con.execute(
            "insert into reporting.rpt_section_items values (?, 'elsewhere', "
            "'current_work', 'text', 'table', 'stop_searches', 99, null)",
            [QUARTER],
        )
    write_pack(copy, QUARTER, "elsewhere", tmp_path / "pack", {})
    csv_lines = lines(tmp_path / "pack", "stop_searches")
    assert csv_lines == [
        "search_reason,search_count,found_pct",
        "Weapons,1204,12.5",
        "",
    ]
    assert "Search reason" in page(tmp_path / "pack")
    assert ">1,204<" in page(tmp_path / "pack") and ">12.5%<" in page(tmp_path / "pack")
    assert table_rows(tmp_path / "pack", "stop_searches")[1][1].value == 1204


def test_importing_reports_loads_neither_matplotlib_nor_gptables():
    code = "import sys, reports; print({'matplotlib', 'gptables'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()"


# The format of figures


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (30038, "count", "30,038"),
        (Decimal(81), "signed_count", "+81"),
        (Decimal(-1136), "signed_count", "\u22121,136"),
        (0, "signed_count", "0"),
        (Decimal("2.9"), "signed_pct", "+2.9%"),
        (Decimal("-37.9"), "signed_pct", "\u221237.9%"),
        (Decimal("0.0"), "signed_pct", "0.0%"),
        (Decimal("-0.0"), "signed_pct", "0.0%"),
        (Decimal("88.0"), "pct", "88.0%"),
        (
            Decimal("12345678901234567890.15"),
            "decimal",
            "12,345,678,901,234,567,890.15",
        ),
        (date(2021, 11, 17), "date", "17 Nov 2021"),
        (datetime(2021, 11, 17, 6), "date", "17 Nov 2021"),
        ("2018-10", "month", "Oct 2018"),
        ("2018-13", "month", "2018-13"),
    ],
)
def test_a_value_is_written_for_readers(value, number_format, text):
    assert style.page_text(value, number_format) == text


def test_both_changes_carry_a_sign_on_the_page(essex):
    cells = re.findall(r'<td class="number">(.*?)</td>', page(essex))
    for figure in ("+81", "+2.9%", "\u2212647", "\u22122.2%", "\u22121,136"):
        assert figure in cells


def test_the_sheet_keeps_numbers_as_numbers_and_signs_them_in_the_format(essex):
    knife = table_rows(essex, "rolling_12_months")[2]
    assert [cell.value for cell in knife[2:]] == [2751, 2832, 81, 2.9]
    assert knife[4].number_format == "+#,##0;-#,##0;#,##0"
    assert knife[5].number_format == '+#,##0.0"%";-#,##0.0"%";#,##0.0"%"'


def test_a_month_is_a_real_date_on_the_sheet(essex):
    first = table_rows(essex, "monthly_counts")[1][0]
    assert first.value == datetime(2018, 10, 1)
    assert first.number_format == "mmm yyyy"


def test_missing_values_are_x_and_inapplicable_values_are_z(elsewhere):
    rows = table_rows(elsewhere, "rolling_12_months")
    shown = [[cell.value for cell in row] for row in rows[1:]]
    assert shown[0] == ["Domestic Abuse", "Domestic abuse", *["[x]"] * 4]
    assert [shown[1][0], *shown[1][2:]] == ["[z]", 0, 7, 7, "[z]"]
    assert shown[2][4:] == [0, 0]
    assert page(elsewhere).count('<td class="number">[z]</td>') == 1


def test_shorthand_is_explained_where_it_is_used_and_only_there(essex, elsewhere):
    assert "[x] not available from this source." in page(elsewhere)
    assert "not available from this source" not in page(essex)


def test_a_table_wide_by_a_column_has_one_row_a_month_and_a_column_a_measure(essex):
    rows = [[c.value for c in row] for row in table_rows(essex, "monthly_counts")]
    assert rows[0][:3] == ["Month", "Domestic abuse", "Knife crime"]
    assert len(rows) == 1 + 36 and {len(row) for row in rows} == {9}
    assert sum(row[1] for row in rows[-12:]) == 29391


# Data files


def test_data_files_have_exactly_the_promised_headers(essex):
    assert lines(essex, "delivery_progress")[0] == (
        "strand,total,complete,ongoing,at_risk,status"
    )
    assert lines(essex, "rolling_12_months")[0] == (
        "strand,measure,period_end,previous_12_months,current_12_months,difference,"
        "difference_pct,status"
    )
    assert lines(essex, "monthly_counts")[0] == "measure,month,count,status"


def test_data_files_hold_plain_numbers(essex):
    assert lines(essex, "rolling_12_months")[1:4] == [
        "Domestic Abuse,domestic_abuse,2021-09-30,30038,29391,-647,-2.2,available",
        "Gangs and Knife Crime,knife_crime,2021-09-30,2751,2832,81,2.9,available",
        "Night-Time Economy (NTE),nte_crime,2021-09-30,2999,1863,-1136,-37.9,available",
    ]
    assert lines(essex, "delivery_progress")[10:] == [
        "Total,325,150,175,1,available",
        "",
    ]


def test_data_files_leave_empty_what_is_not_available(elsewhere):
    assert lines(elsewhere, "rolling_12_months")[1:] == [
        "Domestic Abuse,domestic_abuse,2021-09-30,,,,,not available",
        ",open_drugs,2021-09-30,0,7,7,,available",
        ",open_other,2021-09-30,5,5,0,0.0,available",
        "",
    ]


def test_data_files_are_utf8_with_lf_and_no_byte_order_mark(essex, elsewhere):
    for path in [*essex.glob("tables/*"), *elsewhere.glob("tables/*")]:
        data = path.read_bytes()
        assert b"\r" not in data and not data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\n") and data.decode("utf-8")


# Text that attacks


def test_no_data_file_has_text_that_a_spreadsheet_would_run(elsewhere):
    with (elsewhere / "tables/delivery_progress.csv").open(encoding="utf-8") as file:
        strands = [row["strand"] for row in csv.DictReader(file)]
    assert len(strands) == len(HOSTILE)
    assert strands[0] == "'" + HOSTILE[0]
    for strand in strands:
        assert not strand.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert strand.isprintable() and len(strand) <= 32_000


def test_no_sheet_holds_a_formula_or_a_link_made_from_text(elsewhere):
    with zipfile.ZipFile(elsewhere / "report.xlsx") as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert not any("<f>" in text for text in sheets)
    assert not any("http://example" in t for n, t in parts.items() if "_rels" in n)


def test_hostile_labels_are_still_readable_on_the_sheet(elsewhere):
    strands = [r[0].value for r in table_rows(elsewhere, "delivery_progress")[1:]]
    assert strands[0] == HOSTILE[0]
    assert strands[5] == "[x] (http://example.invalid)"
    assert strands[9].startswith("long long") and strands[9].endswith("characters]")


def test_the_page_escapes_everything(elsewhere):
    text = page(elsewhere)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e]", text)
    assert len(re.findall("long ", text)) < 1_200


def test_a_chart_file_escapes_its_words(elsewhere):
    svg = (elsewhere / "charts/monthly_open_drugs.svg").read_text(encoding="utf-8")
    assert "<script" not in svg
    assert "<title>&lt;script&gt;" in svg


def test_a_dollar_sign_in_a_chart_is_text_and_no_formula(elsewhere):
    svg = (elsewhere / "charts/monthly_open_drugs.svg").read_text(encoding="utf-8")
    assert r">Crimes $\frac$ recorded</text>" in svg


def test_a_marking_cannot_break_out_of_the_style_sheet():
    assert style.css_string('a"}</style>') == (
        '"a\\000022\\00007d\\00003c\\00002fstyle\\00003e"'
    )


def test_the_terminal_gets_no_control_characters(database):
    text = headline(database, QUARTER, "elsewhere")
    assert text.isascii() and "\x1b" not in text


# The page


def test_the_page_says_what_it_was_made_from_and_its_marking(essex):
    text = page(essex)
    assert text.count("OFFICIAL: internal draft</p>") == 2
    assert text.index("Made from demonstration extracts") < text.index("<h2")


def test_the_page_needs_nothing_from_elsewhere(essex):
    sources = re.findall(r'(?:src|srcset)="([^"]{0,40})', page(essex))
    assert sources and all(s.startswith("data:image/svg+xml;base64,") for s in sources)
    assert "<script" not in page(essex) and "@import" not in page(essex)


def test_every_chart_has_its_alternative_text_and_its_figures(essex):
    text = page(essex)
    said = r'<img [^>]*alt="Bar chart of [^:]+: crimes recorded each month in Essex'
    assert len(re.findall(said, text)) == 8
    for figures in re.findall(r'<table class="points">.*?</table>', text, re.DOTALL):
        assert figures.count("<tr>") == 1 + 36


def test_the_page_has_every_section_in_order_and_its_contents_lead_there(essex):
    text = page(essex)
    headings = re.findall(r'<h[23] id="(\w+)">((?:\d|Appendix)[^\n]*)</h', text)
    assert [title.replace("<wbr>", "") for _, title in headings] == [
        "3.0 Executive Summary",
        "5.0 Current Work and Performance",
        "5.1 Domestic Abuse",
        "5.2 Gangs and Knife Crime",
        "5.3 Delivery/Challenges by Exception",
        "6.0 Implications (Issues)",
        "6.1 Risks/Mitigation",
        "Appendix: Month by Month",
    ]
    contents = text[text.index("<nav") : text.index("</nav>")]
    assert re.findall(r'href="#(\w+)"', contents)[:8] == [code for code, _ in headings]


def test_no_two_places_of_the_page_have_the_same_name(essex):
    names = re.findall(r' id="([^"]+)"', page(essex))
    assert len(names) == len(set(names))


def test_a_chart_that_is_not_available_is_said_to_be(elsewhere):
    assert "This chart is not available from this source." in page(elsewhere)
    assert not (elsewhere / "charts/monthly_domestic_abuse.svg").exists()


def test_a_month_that_was_not_supplied_is_said_to_be(elsewhere):
    assert page(elsewhere).count(">Not supplied</td>") == 2


def test_the_page_shows_the_same_chart_as_the_chart_file(essex):
    svg = base64.b64encode((essex / "charts/monthly_fraud.svg").read_bytes()).decode()
    assert svg in page(essex)


@pytest.mark.parametrize(
    ("colour", "least"),
    [
        (style.INK, 4.5),
        (style.MUTED, 4.5),
        (style.NAVY, 4.5),
        (style.STEEL, 3),
        (style.STONE, 3),
    ],
)
def test_colours_have_the_contrast_of_wcag(colour, least):
    assert _contrast(colour, style.PAPER) >= least
    if least == 4.5:
        assert _contrast(colour, style.TINT) >= least


def _contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio of two '#rrggbb' colours."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


# The workbook


def test_headings_that_repeat_are_numbered_and_kept_within_excels_limit():
    made = workbook._unique(["Crime", "crime", "x" * 900])
    assert made[:2] == ["Crime", "crime (2)"] and len(made[2]) <= 255


# Failures


def test_an_unknown_quarter_is_refused_with_the_quarters_there_are(database, tmp_path):
    with pytest.raises(PackError, match=rf"'2031-32-q1'.*essex: {QUARTER}"):
        write_pack(database, "2031-32-q1", "essex", tmp_path / "pack", {})
    assert list(tmp_path.iterdir()) == []


def test_a_missing_published_file_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(PackError, match="build and publish the warehouse first"):
        write_pack(tmp_path / "none.duckdb", QUARTER, "essex", tmp_path / "pack", {})


def test_a_folder_that_cannot_be_written_is_refused_with_the_remedy(database, tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "pack"
    with pytest.raises(PackError, match="a folder you may write to") as refused:
        write_pack(database, QUARTER, "elsewhere", folder, {})
    assert str(folder) in str(refused.value) and "\n" not in str(refused.value)


def test_a_failure_leaves_the_older_pack_complete(database, tmp_path, monkeypatch):
    folder = tmp_path / "pack"
    write_pack(database, QUARTER, "elsewhere", folder, {"run": 1})
    before = files(folder)

    def fail(*_: object) -> None:
        raise RuntimeError("the workbook cannot be drawn")

    monkeypatch.setattr(workbook, "write_workbook", fail)
    with pytest.raises(RuntimeError):
        write_pack(database, QUARTER, "elsewhere", folder, {"run": 2})
    assert files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_a_failed_swap_puts_the_older_pack_back(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(OSError):
        pack._swap(tmp_path / "no draft", folder, tmp_path / "older")
    assert files(folder) == {"manifest.json": b"{}"}


def test_a_newer_pack_replaces_the_older_one_whole(database, tmp_path):
    folder = tmp_path / "pack"
    write_pack(database, QUARTER, "elsewhere", folder, {"run": 1})
    (folder / "tables/left_over.csv").write_text("gone with the older pack")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["tables/left_over.csv"] = "of the older pack"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    drawn = write_pack(database, QUARTER, "elsewhere", folder, {"run": 2})
    assert json.loads((folder / "manifest.json").read_text())["run"] == 2
    assert set(files(folder)) == {*drawn.files, "manifest.json"}


def test_a_folder_that_is_not_a_pack_is_never_replaced(database, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/a.txt").write_text("mine")
    with pytest.raises(PackError, match="are not a pack"):
        write_pack(database, QUARTER, "elsewhere", tmp_path / "letters", {})
    assert files(tmp_path / "letters") == {"a.txt": b"mine"}


@pytest.mark.parametrize("name", ["x; drop table y", "../x", "X", ""])
def test_an_invalid_table_name_is_refused(database, tmp_path, name):
    copy = tmp_path / "warehouse_3.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        con.execute("update reporting.rpt_tables set table_name = ?", [name])
    with pytest.raises(PackError):
        report.read_report(copy, QUARTER, "elsewhere")


# The places of tables and charts


def table_of(*rows: dict) -> Table:
    columns = (Column("strand", "Strand", "text"), Column("count", "Count", "count"))
    return Table("t", "T", "How to read it.", None, columns, rows, "round5")


def placed(table: Table, strand: str | None) -> Table | None:
    item = {"item_kind": "table", "item_name": "t", "shown_strand": strand}
    return _item(item, {("table", "t"): table})


def test_a_strand_is_shown_its_own_rows_and_no_strand_the_others():
    table = table_of({"strand": "A", "count": 1}, {"strand": None, "count": 2})
    assert placed(table, None) is table
    own, others = placed(table, "A"), placed(table, "")
    assert own and [row["count"] for row in own.rows] == [1] and own.title == "T: A"
    assert others and [row["count"] for row in others.rows] == [2]
    assert others.title == "T: in no strand"
    assert placed(table, "B") is None


def test_rows_of_a_strand_of_which_none_is_available_are_not_shown_again():
    gone = {"strand": "A", "count": None, "status": "not available"}
    known = {"strand": "A", "count": 1, "status": "available"}
    assert placed(table_of(gone), "A") is None
    assert placed(table_of(gone, known), "A") is not None


ROUNDED = "are rounded to the nearest 5, and 1 to 4 are not shown."
HIDDEN = "are not shown if they are 1 to 4, or if they would give such a count away."


def test_a_table_keeps_its_disclosure_policy_where_it_is_shown_in_part():
    table = table_of({"strand": "A", "count": 1})
    rounded = f"In a public version, these counts {ROUNDED}"
    assert table.note == f"How to read it. {rounded}"
    assert table.of_strand("A").note == rounded


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("exact", "In a public version, these counts are unchanged."),
        ("internal", "A public version does not have this table."),
        ("round5", f"In a public version, these counts {ROUNDED}"),
        ("suppress", f"In a public version, these counts {HIDDEN}"),
        (
            "exact, but round5 where people are counted",
            f"In a public version, counts of people {ROUNDED}",
        ),
        (
            "suppress where people are counted",
            f"In a public version, counts of people {HIDDEN}",
        ),
    ],
)
def test_a_disclosure_policy_is_a_sentence(policy, sentence):
    table = replace(table_of({"count": 1}), description="", disclosure_policy=policy)
    assert table.note == sentence


@pytest.mark.parametrize("marking", [None, "OFFICIAL"])
def test_only_a_report_with_a_public_version_says_what_it_does_with_a_table(
    database, tmp_path, monkeypatch, marking
):
    monkeypatch.setattr(report.published, "figure_ids", lambda *_: {})
    copy = tmp_path / "warehouse_2.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        con.execute("update reporting.rpt_tables set disclosure_policy = 'internal'")
        con.execute("alter table reporting.rpt_reports add public_marking varchar")
        con.execute("update reporting.rpt_reports set public_marking = ?", [marking])
    notes = [table.note for table in report.read_report(copy, QUARTER, "essex").tables]
    said = ["public version" in note for note in notes]
    assert notes and set(said) == {marking is not None}


def test_a_table_of_words_alone_is_a_sentence_in_its_place(database, tmp_path):
    copy = tmp_path / "warehouse_2.duckdb"
    copy.write_bytes(database.read_bytes())
    with duckdb.connect(str(copy)) as con:
        con.execute(
            "create or replace table reporting.rpt_delivery_progress as"
            " select * replace ('Nothing is planned' as strand, null as total,"
            " null as complete,"
            " null as ongoing, null as at_risk, 'available' as status)"
            " from reporting.rpt_delivery_progress where row_position = 1"
        )
        con.execute("delete from reporting.rpt_monthly_counts")
    write_pack(copy, QUARTER, "essex", tmp_path / "pack", {})
    page = (tmp_path / "pack" / "annex.html").read_text(encoding="utf-8")
    assert page.count('<p class="words">Nothing is planned.</p>') == 1
    assert page.count('<p class="words">No rows for this quarter.</p>') == 1
    assert "<span>[z]" not in page


def test_horizontal_bars_are_high_enough_for_their_labels():
    def height(labels: list[str], is_narrow: bool) -> float:
        points = tuple(Point(label, 1) for label in labels)
        chart = Chart("c", "C", None, "", "", True, points, kind="category_bars")
        return size_of(chart, is_narrow)[1]

    long = "Vulnerability present, no ideology or CT risk"
    assert height(["a", "b", "c"], False) < height(["a"] * 9, False)
    assert height(["a", "b"], True) < height(["a", long], True)
    assert height(["a", long], False) < height(["a", long], True)


# The terminal


def test_the_headline_is_aligned_and_ends_with_what_it_was_made_from(database):
    text = headline(database, QUARTER, "essex").splitlines()
    (knife,) = (line for line in text if "Knife crime" in line)
    assert re.search(r"Knife crime +2,751 +2,832 +\+81 +\+2\.9%$", knife)
    changes = [line for line in text if line.endswith("%")]
    assert len(changes) == 8 and len({len(line) for line in changes}) == 1
    assert text[-1].startswith("Made from demonstration extracts")


def test_the_headline_says_why_a_measure_is_not_available_where_that_is_known(
    tmp_path,
):
    path = build_database(tmp_path / "published.duckdb")
    reason = "The files of these months are missing or were refused."
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update reporting.rpt_facts set fact_kind = 'insight_change', facts = ?,"
            " subject = 'Domestic abuse', sentence_style = 'paragraph'"
            " where force_code = 'elsewhere' and fact_position = 1",
            [json.dumps(CHANGE | {"gap_reasons": [{"reason_code": "no_file"}]})],
        )
    assert (
        f"[x] Domestic abuse: not available. {reason}"
        in headline(path, QUARTER, "elsewhere").splitlines()
    )


# Wide tables


def test_a_month_beside_its_label_does_not_split_the_rows_of_a_wide_table():
    columns = [
        Column("lpa", "Area", "text"),
        Column("month", "Month", "month"),
        Column("label", "Month", "text"),
        Column("suspects", "Suspects", "count"),
    ]
    rows = tuple(
        {"lpa": lpa, "month": month, "label": label, "suspects": 1}
        for lpa in ("North", "South")
        for month, label in (("2021-01", "Jan 2021"), ("2021-02", "Feb 2021"))
    )
    made = Table("t", "T", "", "label", tuple(columns), rows).grid()
    assert [column.heading for column in made.columns] == [
        "Area",
        "Jan 2021",
        "Feb 2021",
    ]
    assert [row[0].value for row in made.rows] == ["North", "South"]


def test_files_of_a_killed_run_are_removed_and_the_older_pack_is_restored(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "2021-22-q2"
    # An older version used its process id in the name; another process may have it now.
    left = tmp_path / f".{folder.name}-{os.getpid()}-abc"
    (left / "older").mkdir(parents=True)
    (left / "older" / "report.docx").write_text("edited by its author")
    other = tmp_path / ".2021-22-q2@2021-11-17-unfinished-abc"
    other.mkdir()
    reports.pack._clear_after_killed(folder)
    assert (folder / "report.docx").read_text() == "edited by its author"
    assert other.exists() and not left.exists()
