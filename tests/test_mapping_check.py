"""A mapping is checked before anything is read: file, line, key and remedy."""

from pathlib import Path

import pytest

from dagster_project import configuration
from dagster_project.intake.mapping import checked
from dagster_project.settings import Home
from tests import messy_exports as messy
from tests.conftest import run_here

# Every column of the contract with the export's name, one per line.
ACTIONS = """\
columns:
  action_id: Ref
  strand_name: {from: Strand, values: {Hate: Hate Crime}}
  action_title: Title
  owner_role: Owner
  start_date: {from: Start, format: dd/MM/yyyy}
  due_date: {from: Due, format: dd/MM/yyyy}
  completed_date: {from: Done, format: dd/MM/yyyy}
  action_status: {from: Status, values: {Open: Ongoing, Closed: Complete}}
  is_at_risk: {from: RAG, yes: R, no: [A, G]}
  at_risk_reason: Reason
  mitigation: {always: ""}
"""
CRIMES = messy.CRIMES_MAPPING


def found(home: Path, mapping: str, name: str = "actions.yml") -> list[str]:
    path = messy.write(home, name, mapping)
    mistakes = checked.mistakes(Home(home))
    return [str(each).removeprefix(f"{path}, ") for each in mistakes]


def changed(line: str, mapping: str = ACTIONS) -> str:
    """Return the mapping with another line for one column."""
    key = line.split(":")[0]
    lines = mapping.splitlines()
    (place,) = [n for n, each in enumerate(lines) if each.strip().startswith(key + ":")]
    return "\n".join([*lines[:place], "  " + line, *lines[place + 1 :]])


def test_a_mapping_without_a_mistake_has_none(tmp_path: Path):
    assert found(tmp_path, ACTIONS) == []
    assert found(tmp_path, CRIMES, "crimes.yml") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "is_at_rsk: RAG",
            "mitigation; is 'is_at_risk' meant?",
        ),
        (
            "action_title: {}",
            "line 4, columns.action_title: says neither `from` (a column of the"
            " export) nor `always` (a value)",
        ),
        (
            "action_title:",
            "line 4, columns.action_title: has no column of the export",
        ),
        (
            "action_title: {from: Title, always: x}",
            "line 4, columns.action_title: says both `from` and `always`",
        ),
        (
            "action_title: {from: [Title, More]}",
            "line 4, columns.action_title: has 2 columns of the export. Say with"
            " `join` what to put between their values, or keep one",
        ),
        (
            "action_title: {from: Title, form: x}",
            "line 4, columns.action_title.form: is not known here. Known: from,",
        ),
        (
            "is_at_risk: {from: Tags, separator: ';'}",
            "columns.is_at_risk: says no word that the list has for yes: write it",
        ),
        (
            "is_at_risk: {from: Tags, separator: ';', yes: Risk, no: None}",
            "columns.is_at_risk.no: has no meaning: a list without a word for yes is N",
        ),
        (
            "start_date: {from: Start, format: DD/MM/YYYY}",
            "line 6, columns.start_date.format: 'DD/MM/YYYY' has DD, which is not"
            " a part of a date; write dd. Known: dd, MM",
        ),
        (
            "start_date: {from: Start, format: dd/mm/yyyy}",
            "line 6, columns.start_date.format: 'dd/mm/yyyy' has mm, which is"
            " minutes, and no month: write MM for the month",
        ),
        (
            "start_date: {from: Start, format: MM/yyyy}",
            "line 6, columns.start_date.format: 'MM/yyyy' lacks a day (dd)",
        ),
        (
            "start_date: {from: Start, format: 'dd/MM/yyyy HH:mm'}",
            "line 6, columns.start_date.format: has a time, and nothing says in"
            " which zone the export writes it. Add `zone: Europe/London` or `zone:",
        ),
        (
            "start_date: {from: Start, format: 'dd/MM/yyyy hh:mm', zone: UTC}",
            "line 6, columns.start_date.format: 'dd/MM/yyyy hh:mm' has hh without"
            " tt, or tt without hh",
        ),
        (
            "start_date: {from: Start, format: dd/MM/yyyy, zone: UTC}",
            "line 6, columns.start_date.zone: a date without a time has no zone",
        ),
        (
            "start_date: {from: Start, format: 'dd/MM/yyyy HH:mm', zone: CET}",
            "line 6, columns.start_date.zone: 'CET' is neither of: UTC, Europe/London",
        ),
        (
            "start_date: {from: Start, zone: UTC}",
            "line 6, columns.start_date.zone: has no meaning without `format`",
        ),
        (
            "action_title: {from: Title, format: dd/MM/yyyy}",
            "line 4, columns.action_title.format: has no meaning: action_title is"
            " a text",
        ),
        (
            "action_title: {from: Title, part: 2}",
            "line 4, columns.action_title.part: has no meaning without `split`",
        ),
        (
            "action_title: {from: Title, split: '-', part: 3}",
            "line 4, columns.action_title.part: 3 is neither 1 (before `split`) nor 2",
        ),
        (
            "action_title: {always: ''}",
            "line 4, columns.action_title.always: action_title is required, so it"
            " cannot be empty in every row",
        ),
        (
            "action_id: {always: A1}",
            "line 2, columns.action_id.always: is the key, so it cannot be the"
            " same in every row",
        ),
        (
            "action_status: {from: Status, values: {Open: Going on}}",
            "line 9, columns.action_status.values: 'open': 'Going on' is not one"
            " of: Complete, Ongoing",
        ),
        (
            "action_status: {from: Status, values: {Open: Ongoing, OPEN: Complete}}",
            "'OPEN' is Ongoing and Complete (capitals do not matter): keep one",
        ),
        (
            "action_status: {from: Status, others: kept}",
            "line 9, columns.action_status.others: has no meaning without `values`",
        ),
        (
            "action_status: {from: Status, values: statuses.csv}",
            "line 9, columns.action_status.values: statuses.csv is not a CSV file"
            " beside the mapping",
        ),
        (
            "strand_name: {from: Strand, values: {Hate: Hate Crimes}}",
            "line 3, columns.strand_name.values: 'hate': 'Hate Crimes' is not in"
            " strands.strand_name or strand_aliases.strand_alias; is 'Hate Crime' me",
        ),
        (
            "is_at_risk: {from: RAG, if_empty: Nein}",
            "line 10, columns.is_at_risk.if_empty: 'Nein' is not Y or N",
        ),
        (
            "is_at_risk: {from: RAG, yes: R, no: [R, G]}",
            "line 10, columns.is_at_risk.no: 'R' is Y and N (capitals do not"
            " matter): keep one",
        ),
        (
            "start_date: {from: Start, format: DECIDE dd/MM/yyyy or MM/dd/yyyy}",
            "line 6, columns.start_date.format: is not decided yet: dd/MM/yyyy or"
            " MM/dd/yyyy. Write what is right in place of DECIDE and what follows it",
        ),
    ],
)
def test_each_mistake_of_a_column_names_its_line_its_key_and_the_remedy(
    tmp_path: Path, line: str, said: str
):
    mapping = (
        changed(line)
        if f"  {line.split(':')[0]}:" in ACTIONS
        else ACTIONS + "  " + line
    )
    said_here = found(tmp_path, mapping)
    assert len(said_here) == 1, said_here
    assert said in said_here[0]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("", "is empty: write the columns, or remove the file"),
        ("columns: {", "line 2: cannot be read"),
        (
            "columns:\n\tx: y",
            "line 2: cannot be read (found character that cannot start",
        ),
        ("just a text", "line 1: is not a list of `name: value` lines"),
        (ACTIONS + "colums: {}", "line 13, colums: is not known here. Known: file"),
        (
            ACTIONS + "  action_id: Other",
            "line 13, columns.action_id: is there twice, first in line 2: keep one",
        ),
        ("file: {}\n", "line 1, columns: no column is mapped"),
        (
            ACTIONS + "file: {delimiter: '&'}",
            "line 13, file.delimiter: '&' is none of: comma, semicolon, tab, bar",
        ),
        (
            ACTIONS + "file: {encoding: ansi-7}",
            "line 13, file.encoding: 'ansi-7' is not one of: utf-8, utf-16,",
        ),
        (
            ACTIONS + "file: {header_row: third}",
            "line 13, file.header_row: 'third' is not a whole number of 1 or more",
        ),
        (
            ACTIONS + "file: {decimal: ',', thousands: ','}",
            "line 13, file.thousands: ',' cannot also be the decimal sign",
        ),
        (
            ACTIONS + "ignore: [Ref]",
            "line 13, ignore: 'ref' is ignored and needed: remove it here",
        ),
    ],
)
def test_each_mistake_of_a_file_names_its_line_its_key_and_the_remedy(
    tmp_path: Path, mapping: str, said: str
):
    said_here = found(tmp_path, mapping)
    assert len(said_here) == 1, said_here
    assert said in said_here[0]


def test_a_mapping_that_is_not_utf8_is_named_by_its_line(tmp_path: Path):
    path = messy.write(tmp_path, "actions.yml", "")
    path.write_bytes((ACTIONS + "# caf\xe9").encode("cp1252"))
    (mistake,) = checked.mistakes(Home(tmp_path))
    assert (
        str(mistake)
        == f"{path}, line 13: is not in UTF-8 from this line on: save it as UTF-8"
    )


def test_a_mapping_of_no_extract_is_named_with_the_nearest(tmp_path: Path):
    (said,) = found(tmp_path, ACTIONS, "action.yml")
    assert said.endswith(
        "action.yml: 'action' is not the name of an extract. Name the file"
        " <extract>.yml; is 'actions' meant?"
    )


def test_a_list_in_a_file_is_checked_by_file_and_row(tmp_path: Path):
    mapping = changed("action_status: {from: Status, values: statuses.csv}")
    path = messy.write(
        tmp_path,
        "statuses.csv",
        "theirs,ours\nOpen,Ongoing\nopen,Complete\n,Ongoing\nShut,DECIDE\n",
    )
    assert found(tmp_path, mapping) == [
        f"{path}, row 3, column theirs: 'open' is Ongoing in an earlier row: keep one",
        f"{path}, row 4, column theirs: is empty: write the export's value",
        f"{path}, row 5, column ours: 'Shut' is not decided yet: DECIDE",
    ]
    path.write_text("a,b\nOpen,Ongoing\n", encoding="utf-8")
    assert found(tmp_path, mapping) == [f"{path}, row 1: its header is not theirs,ours"]


def test_a_column_that_no_delivered_file_has_is_a_mistake_of_the_mapping(
    tmp_path: Path,
):
    header = b"Ref,Strand,Titel,Owner,Start,Due,Done,Status,RAG,Reason\n"
    messy.deliver(tmp_path, "actions", "actions_20211117T060000.csv", header)
    assert found(tmp_path, ACTIONS) == [
        "line 4, columns.action_title: the export has no column 'title'; is"
        " 'titel' meant? (in no file of the extract)"
    ]
    # An older file has it.
    header = header.replace(b"Titel", b"Title")
    messy.deliver(tmp_path, "actions", "actions_20210417T060000.csv", header)
    assert found(tmp_path, ACTIONS) == []


def test_two_mappings_of_the_same_files_are_a_mistake(tmp_path: Path):
    messy.write(tmp_path, "actions.yml", ACTIONS)
    said = found(tmp_path, ACTIONS, "actions.old.yml")
    assert (
        len(said) == 2 and "is for the same files. Say in each which `files`" in said[0]
    )
    messy.write(tmp_path, "actions.yml", "file: {files: actions_2021*}\n" + ACTIONS)
    assert (
        found(tmp_path, "file: {files: actions_2020*}\n" + ACTIONS, "actions.old.yml")
        == []
    )


def test_check_config_stops_at_a_mistake_of_a_mapping_and_passes_without_one(
    tmp_path: Path,
):
    home = tmp_path / "home"
    assert run_here("start", "--force", "kent", "--data", str(home)).exit_code == 0
    path = messy.write(home, "actions.yml", changed("action_title:"))
    said = run_here("check-config", "--data", str(home))
    assert said.exit_code == 2
    assert f"{path}, line 4, columns.action_title: has no column" in said.err
    path.write_text(ACTIONS, encoding="utf-8")
    assert run_here("check-config", "--data", str(home)).exit_code == 0


def test_check_config_names_a_draft_that_nobody_has_confirmed(tmp_path: Path):
    home = tmp_path / "home"
    assert run_here("start", "--force", "kent", "--data", str(home)).exit_code == 0
    path = messy.write(home, "actions.draft.yml", "columns: DECIDE")
    said = run_here("check-config", "--data", str(home))
    assert said.exit_code == 0
    assert (
        f"{path}: is a draft, which no run reads. Decide what says DECIDE, and rename"
        " it to actions.yml" in said.out
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mappings/actions.yaml", "ends in .yaml: name it .yml"),
        (
            "mappings/codes.xlsx",
            "is a workbook, which is not read: save it as CSV UTF-8",
        ),
        ("mappings/old/actions.yml", "lies in a folder: move it to {mappings}"),
        ("mappings/codes.csv", None),
        ("mappings/README.md", None),
    ],
)
def test_a_file_of_the_folder_of_mappings_that_nobody_reads_is_named(
    tmp_path: Path, name: str, said: str | None
):
    path = tmp_path / "config" / name
    path.parent.mkdir(parents=True)
    path.write_text("x", encoding="utf-8")
    found = configuration.mistakes(configs=Home(tmp_path).configs)
    wanted = said and said.format(mappings=tmp_path / "config" / "mappings")
    assert [str(each) for each in found] == ([f"{path}: {wanted}"] if wanted else [])


def test_a_started_home_has_a_folder_of_mappings_that_says_how_to_write_one(
    tmp_path: Path,
):
    home = tmp_path / "home"
    assert run_here("start", "--force", "kent", "--data", str(home)).exit_code == 0
    page = (home / "config" / "mappings" / "README.md").read_text(encoding="utf-8")
    lines = page.split("A small mapping:\n")[1].split("\n`districts.csv`")[0]
    example = "\n".join(line.removeprefix("    ") for line in lines.splitlines())
    # The unchanged example has no mistake.
    messy.write(home, "crimes.yml", example)
    messy.write(home, "districts.csv", "theirs,ours\nAshford,E07000105\n")
    assert checked.mistakes(Home(home)) == []
