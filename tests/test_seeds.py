"""A mistake in a seed is named by file, row and column before anything is built."""

import re
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from dagster_project import configuration, settings
from dagster_project.configuration import declarations
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from tests.conftest import deliver, run_command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the seeds, in which a test may plant mistakes."""
    copy = tmp_path / "seeds"
    shutil.copytree(settings.SEEDS, copy)
    return copy


def said(folder: Path) -> list[str]:
    return [str(mistake) for mistake in configuration.mistakes(folder)]


def name_of(seed: str) -> str:
    """Return a seed's file as messages name it."""
    return settings.seed(seed).relative_to(settings.REPOSITORY).as_posix()


def rows(folder: Path, seed: str) -> list[str]:
    return settings.seed(seed, folder).read_text(encoding="utf-8").splitlines()


def write(folder: Path, seed: str, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    settings.seed(seed, folder).write_text(text, encoding="utf-8")


def change(folder: Path, seed: str, row: int, old: str, new: str) -> None:
    """Change one row; rows are counted as in a spreadsheet."""
    lines = rows(folder, seed)
    assert old in lines[row - 1], lines[row - 1]
    lines[row - 1] = lines[row - 1].replace(old, new, 1)
    write(folder, seed, lines)


def test_the_projects_own_seeds_have_no_mistake():
    assert said(settings.SEEDS) == []


@pytest.mark.parametrize(
    ("seed", "row", "old", "new", "sentence"),
    [
        (
            *("measures", 3, ",true,", ",yes,"),
            "row 3, column is_reported: 'yes' is not a boolean (true or false)",
        ),
        (
            *("quarantine_thresholds", 2, "0.2,20", "0.2,1.5"),
            "row 2, column stop_lines: '1.5' is not a whole number",
        ),
        (
            *("quarantine_thresholds", 2, "0.05", "5%"),
            "row 2, column stop_share: '5%' is not a number (digits, with a point"
            " before the decimals)",
        ),
        (
            *("quarantine_thresholds", 2, "0.05", "5"),
            "row 2, column stop_share: '5' breaks the rule: stop_share between 0 and 1",
        ),
        (
            *("volume_checks", 2, "0.7", "70"),
            "row 2, column least_share: '70' breaks the rule: least_share between 0"
            " and 1",
        ),
        (
            *("supply_rules", 3, "0.1", "10"),
            "row 3, column rule_value: '10' breaks the rule: rule_value >= 0 and"
            " (rule_code not like '%share' or rule_value <= 1)",
        ),
        (
            *("strategies", 2, "2018-04-01", "01/04/2018"),
            "row 2, column start_date: '01/04/2018' is not a date (YYYY-MM-DD)",
        ),
        (
            *("strategies", 2, "2018-04-01", "2018-02-30"),
            "row 2, column start_date: '2018-02-30' is not a valid date",
        ),
        (
            *("measures", 3, ",flow,", ",flows,"),
            "row 3, column kind: 'flows' breaks the rule: kind in ('flow', 'stock',"
            " 'ratio')",
        ),
        (
            *("strand_measures", 2, "domestic_abuse", "domestic_abus"),
            "row 2, column strand_code: 'domestic_abus' is not in"
            " seeds/force/strands.csv, column strand_code; is 'domestic_abuse' meant?",
        ),
        (
            *("offences", 2, ",Sexual offences,", ",,"),
            "row 2, column offence_group: is empty; it is required",
        ),
    ],
)
def test_a_wrong_value_is_named_by_file_row_and_column(
    folder, seed, row, old, new, sentence
):
    change(folder, seed, row, old, new)
    assert f"{name_of(seed)}, {sentence}" in said(folder)


def test_a_part_of_a_cell_that_names_several_things_is_judged_by_itself(folder):
    lines = rows(folder, "measure_rules")
    row = next(n for n, line in enumerate(lines, start=1) if "Knife" in line)
    change(folder, "measure_rules", row, "Knife", "Knife|No such word")
    (sentence,) = said(folder)
    assert sentence.startswith(
        f"seeds/force/measure_rules.csv, row {row}, column keyword: 'No such word' is"
        " not in"
    )


def test_a_key_that_is_there_twice_names_the_row_that_has_it_already(folder):
    lines = rows(folder, "forces")
    write(folder, "forces", [*lines, lines[4]])
    code = lines[4].split(",")[0]
    assert said(folder) == [
        f"seeds/reference/forces.csv, row {len(lines) + 1}, column force_code:"
        f" '{code}' is already in row 5"
    ]


def test_a_key_of_several_columns_that_is_there_twice_is_named_whole(folder):
    header, row = rows(folder, "supply_starts")[0], "kent,crimes,2018-04-01"
    write(folder, "supply_starts", [header, row, row])
    assert said(folder) == [
        "seeds/force/supply_starts.csv, row 3, column force_code + extract:"
        " 'kent, crimes' is already in row 2"
    ]


def test_every_mistake_of_every_file_is_said_at_once(folder):
    change(folder, "measures", 3, ",true,", ",yes,")
    change(folder, "measures", 4, ",flow,", ",flows,")
    change(folder, "strategies", 2, "2018-04-01", "2018")
    found = said(folder)
    assert [sentence.split(":")[0] for sentence in found] == [
        "seeds/force/measures.csv, row 3, column is_reported",
        "seeds/force/measures.csv, row 4, column kind",
        "seeds/force/strategies.csv, row 2, column start_date",
    ]
    with pytest.raises(DeliveryError, match="3 mistakes in the seeds") as refused:
        configuration.refuse_mistakes(folder)
    assert all(sentence in str(refused.value) for sentence in found)


def test_a_row_with_another_number_of_values_than_the_header_is_named(folder):
    change(folder, "strand_aliases", 2, ",", ",,")
    assert said(folder)[0].startswith(
        "seeds/force/strand_aliases.csv, row 2: has 3 values, and the header 2 columns"
    )


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [(0, "has no header"), (1, "has no row below its header: put its rows back")],
)
def test_a_seed_that_was_cut_short_is_named(folder, kept, sentence):
    for seed in (found := declarations.read(folder)):
        text = "".join(f"{line}\n" for line in rows(folder, seed)[:kept])
        settings.seed(seed, folder).write_text(text, encoding="utf-8")
    named = [text.split(",")[0] for text in said(folder) if text.endswith(sentence)]
    assert named == sorted(
        name_of(seed.name)
        for seed in found.values()
        if kept == 0 or not seed.may_be_empty
    )


@pytest.mark.parametrize(
    ("seed", "row", "sentence"),
    [
        ("quarantine_thresholds", 2, "column extract: lacks the row 'all'"),
        ("unknown_value_thresholds", 2, "column extract: lacks the row 'all'"),
        ("stamp_checks", 2, "column extract: lacks the row 'all'"),
        ("volume_checks", 3, "column extract + delivery: lacks the row 'all, delta'"),
        ("supply_rules", 4, "column rule_code: lacks the row 'begun_share'"),
    ],
)
def test_a_row_that_every_run_needs_is_named_where_it_is_gone(
    folder, seed, row, sentence
):
    lines = rows(folder, seed)
    lines[row - 1] = lines[row - 1].replace("all", "crimes").replace("begun", "begin")
    write(folder, seed, lines)
    assert f"{name_of(seed)}, {sentence}: put it back" in said(folder)


def test_every_rule_of_supply_that_the_models_read_is_required():
    sql = settings.DBT_PROJECT.rglob("*.sql")
    texts = [p.read_text("utf-8") for p in sql if "target" not in p.parts]
    read = {
        code for text in texts for code in re.findall(r"supply_rule\('(\w+)'", text)
    }
    required = declarations.read(settings.SEEDS)["supply_rules"].required_rows
    assert read == {row["rule_code"] for row in required}


def test_an_empty_row_is_named_and_does_not_shift_the_numbers_after_it(folder):
    lines = rows(folder, "measures")
    write(folder, "measures", [*lines[:2], "", *lines[2:]])
    change(folder, "measures", 4, ",true,", ",yes,")
    assert [sentence.split(":")[0] for sentence in said(folder)] == [
        "seeds/force/measures.csv, row 3",
        "seeds/force/measures.csv, row 4, column is_reported",
    ]


def test_a_column_missing_unknown_or_there_twice_is_named(folder):
    change(folder, "strand_leads", 1, "lead_rank", "lead_role")
    change(folder, "strands", 1, "strand_position", "position")
    assert said(folder) == [
        "seeds/force/strand_leads.csv, row 1, column lead_rank: the header lacks it",
        "seeds/force/strand_leads.csv, row 1, column lead_role: the header has it 2"
        " times: keep one",
        "seeds/force/strands.csv, row 1, column position: the header has it, and"
        " seeds/_seeds.yml does not declare it",
        "seeds/force/strands.csv, row 1, column strand_position: the header lacks it",
    ]


def test_a_file_saved_with_semicolons_says_so(folder):
    lines = [line.replace(",", ";") for line in rows(folder, "strand_aliases")]
    write(folder, "strand_aliases", lines)
    assert said(folder) == [
        "seeds/force/strand_aliases.csv, row 1: is separated by semicolons: save it"
        " with commas"
    ]


def test_a_byte_order_mark_and_a_byte_that_is_not_utf_8_are_named(folder):
    marked = settings.seed("strands", folder)
    marked.write_bytes(b"\xef\xbb\xbf" + marked.read_bytes())
    other = settings.seed("strand_measures", folder)
    lines = other.read_bytes().split(b"\n")
    other.write_bytes(b"\n".join([*lines[:3], b"cps_2018,x\xe9y,fraud", *lines[3:]]))
    found = said(folder)
    assert any(
        s.startswith("seeds/force/strands.csv, row 1: the file begins") for s in found
    )
    assert any(
        s.startswith("seeds/force/strand_measures.csv, row 4: the byte") for s in found
    )


def test_a_quotation_mark_that_is_not_closed_is_named(folder):
    lines = rows(folder, "strand_aliases")
    write(folder, "strand_aliases", [*lines, '"Knife,knife_crime'])
    found = said(folder)
    place = f"seeds/force/strand_aliases.csv, row {len(lines) + 1}"
    assert len(found) == 1 and found[0].startswith(f"{place}: cannot be read")


def test_a_file_that_is_missing_and_one_that_nothing_declares_are_named(folder):
    settings.seed("events", folder).rename(folder / "event.csv")
    assert [sentence.split(":")[0] for sentence in said(folder)] == [
        "seeds/event.csv",
        "seeds/events.csv",
    ]


def test_a_seed_that_lies_in_two_folders_is_named(folder):
    first = settings.seed("events", folder)
    shutil.copy(first, folder / "layout" / "events.csv")
    assert said(folder) == [
        "seeds/layout/events.csv: is the same seed as seeds/force/events.csv:"
        " keep one file"
    ]


def test_declarations_that_are_not_yaml_are_named_by_their_line(folder):
    path = folder / declarations.FILE
    path.write_text("seeds:\n  - name: a\n   - name: b\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"seeds/_seeds\.yml, line 3"):
        configuration.mistakes(folder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no list of seeds"),
        ("models: []\n", "has no list of seeds"),
        ("seeds:\n", "has no list of seeds"),
        (
            "seeds: [{name: a, columns: []}, {name: a, columns: []}]\n",
            "a is declared more than once",
        ),
    ],
)
def test_declarations_without_seeds_or_with_one_twice_are_refused(folder, text, reason):
    (folder / declarations.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match=rf"seeds/_seeds\.yml: .*{reason}"):
        configuration.mistakes(folder)


def test_a_line_separator_within_a_cell_ends_no_row(folder):
    lines = rows(folder, "events")
    lines[1] = lines[1].replace(",", "\u2028,", 1)
    before = len(configuration.files.read(folder, "events").rows)
    write(folder, "events", lines)
    file = configuration.files.read(folder, "events")
    assert (len(file.rows), file.mistakes) == (before, ())


@example_settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_in_a_boolean_column_is_true_false_empty_or_a_mistake(text):
    column = declarations.Column("is_it", "boolean")
    file = configuration.files.File(
        "x.csv", ("is_it",), ((2, {"is_it": text or None}),), ()
    )
    seed = declarations.Seed("x", (column,))
    found = configuration.values.mistakes(duckdb.default_connection(), file, seed)
    assert bool(found) == (text not in ("true", "false", ""))


# A column without a type is text, so its numbers and dates would sort as text.
def test_a_column_that_looks_like_numbers_dates_or_booleans_declares_its_type():
    looks_typed = r"[-+]?\d+(\.\d+)?|true|false|\d{4}-\d\d-\d\d"
    text = (settings.SEEDS / declarations.FILE).read_text(encoding="utf-8")
    undeclared = []
    for seed in yaml.safe_load(text)["seeds"]:
        types = seed.get("config", {}).get("column_types", {})
        file = configuration.files.read(settings.SEEDS, seed["name"])
        for column in {column["name"] for column in seed["columns"]} - set(types):
            values = [value for _, value in file.values(column)]
            looks = (re.fullmatch(looks_typed, each, re.IGNORECASE) for each in values)
            if values and all(looks):
                undeclared.append((seed["name"], column))
    assert undeclared == []


def test_a_report_with_a_mistake_in_a_seed_builds_nothing(checkout: Path):
    change(checkout / "seeds", "measures", 3, ",true,", ",yes,")
    home = checkout / "home"
    deliver(home)
    options = ["--data", str(home), "--force", "essex"]
    result = run_command(home, "report", *options, checkout=checkout)
    assert result.exit_code == 2
    assert (
        "seeds/force/measures.csv, row 3, column is_reported: 'yes' is no"
        in result.output
    )
    assert "Traceback" not in result.output
    assert not (home / "warehouse.duckdb").exists()


def test_the_daily_job_checks_the_seeds_before_it_reads_a_delivery():
    from dagster_project.definitions import defs

    graph = defs.resolve_asset_graph()
    deliveries = dg.AssetKey("deliveries")
    assert deliveries in graph.get(dg.AssetKey("checked_seeds")).child_keys
    assert graph.get(deliveries).child_keys >= {
        dg.AssetKey(["raw", extract]) for extract in landing.extracts_in_order()
    }
