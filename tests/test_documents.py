"""The documentation pages are true: queries, commands, links, names and messages."""

import ast
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.cli import arguments
from dagster_project.cli.commands import parser
from dagster_project.configuration import layers
from dagster_project.intake import contracts, holding
from reports import pack
from tests import documents
from tests.conftest import Result
from tests.documents import DOCS, PAGES, README
from tests.test_makefile import TARGETS, called

QUERIES = [
    query
    for page in PAGES
    for query in documents.queries(page)
    if not query.is_of_open_data
]
COMMANDS = [(page.name, each) for page in PAGES for each in documents.commands(page)]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
MAKE = [
    (page.name, each)
    for page in [*PAGES, *DECISIONS]
    for each in documents.commands(page)
    if each.startswith("make ")
]
# These commands are run by tests/test_plain_tools.py, or by no test.
PLAIN_TOOLS = re.compile(
    r"(\.\./)?\.venv/bin/(dbt|dg|dagster|sqlfluff) |cd dbt_project$"
)
NOT_OURS = re.compile(r"git pull$|uv pip compile ")
# Values are checked without the disk.
FORMS = ("quarter", "as_at", "version", "load", "port", "crimes", "records")
REQUIRED = {"--figure", "--extract", "--load", "--name"}
EVERY_PAGE = [*PAGES, settings.REPOSITORY / "CHANGELOG.md", *DOCS.rglob("*.md")]
NAME = re.compile(
    r"`(?:(?:marts|reporting|intermediate|raw)\.)?([a-z]+(?:_[a-z0-9]+)+)`"
)
TABLE = re.compile(r"\b((?:marts|reporting)\.\w+)")
# Names of other packages, and of things that a decision describes as removed.
ELSEWHERE = ("draw_without_rendering", "assert_seeds_name_what_there_is")
LEAST_TWICE = 120  # characters: a shorter paragraph may stand on two pages
USERS = {
    "You are in the data team": "docs/operate.md",
    "You are an analyst": "docs/analyse.md",
    "You are the report's author": "docs/author.md",
    "Your force adopts it": "docs/adapt.md",
}


@pytest.mark.parametrize(
    "query", QUERIES, ids=[f"{q.page}-{n}" for n, q in enumerate(QUERIES, 1)]
)
def test_every_query_of_a_page_returns_the_printed_answer(
    demonstration: Result, query: documents.Query
):
    assert query.answer
    assert documents.ask(demonstration.home.current, query.sql) == query.answer


def test_there_are_ten_questions():
    section = (DOCS / "analyse.md").read_text("utf-8").split("\n## Ten questions")[1]
    assert re.findall(r"^(\d+)\. .+\?\n\n```sql\n", section, re.MULTILINE) == [
        str(number) for number in range(1, 11)
    ]


def test_every_table_that_a_page_names_is_published(demonstration: Result):
    found = demonstration.rows(
        "select table_schema || '.' || table_name from information_schema.tables"
    )
    published = {name for (name,) in found}
    named = {
        (page.name, name)
        for page in PAGES
        for name in TABLE.findall(page.read_text("utf-8"))
        # A pattern (`reporting.rpt_<table>`) is not a name.
        if not name.endswith("_")
    }
    assert len(named) > 30
    assert {pair for pair in named if pair[1] not in published} == set()


def test_the_followed_line_and_sentence_occur_in_the_demonstration(
    demonstration: Result,
):
    page = (DOCS / "architecture.md").read_text("utf-8")
    followed = re.search(r"Line (\d+) of `data/(.+)`:\n\n +```text\n +(.+)\n", page)
    number, path, line = followed.groups()
    lines = (demonstration.home.root / path).read_text("utf-8").splitlines()
    assert lines[int(number) - 1] == line
    sentence = re.search(r"says: \*(.+)\*\. This", page)[1]
    assert sentence in (demonstration.pack / "index.html").read_text("utf-8")


def test_the_command_that_connects_shows_a_table(demonstration: Result, tmp_path: Path):
    (tmp_path / "data").symlink_to(demonstration.home.root)
    found = {each for _, each in COMMANDS if each.startswith(".venv/bin/python -c")}
    assert len(found) == 1
    typed = found.pop().replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        typed, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "measure_code" in done.stdout


@pytest.mark.parametrize(
    ("page", "command"), MAKE, ids=[f"{page}: {each}" for page, each in MAKE]
)
def test_a_make_command_of_a_page_is_one_that_the_program_takes(
    page: str, command: str
):
    makefile = (settings.REPOSITORY / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    targets_typed = _targets(command)
    assert targets_typed and set(targets_typed) <= targets
    if not _typed(command):
        return
    given = arguments_of(command)
    # The program of `make bench` is tests/benchmarks/.
    if targets_typed[0] != "bench":
        _check_form(given, targets_typed[0])


def _words(command: str) -> list[str]:
    return re.findall(r'(?:[^\s"]|"[^"]*")+', command.split("#")[0])[1:]


def _targets(command: str) -> list[str]:
    return [word for word in _words(command) if "=" not in word]


def _typed(command: str) -> dict[str, str]:
    pairs = (word.split("=", 1) for word in _words(command) if "=" in word)
    # A page may omit a value: `FIGURE=…`.
    return {name: text.strip('"') for name, text in pairs if text != "…"}


def arguments_of(command: str) -> list[str]:
    """Return the program's arguments for a command of a page, such as `make report`."""
    (target,) = _targets(command)
    assert set(_typed(command)) <= set(TARGETS.get(target, {}))
    return called(target, _typed(command))


def _check_form(words: list[str], target: str) -> None:
    """Check that the program has every option, and that each value has its form."""
    options = parser().parse_args([*words, *_left_out(words, target)])
    for name in FORMS:
        text = getattr(options, name, None)
        if isinstance(text, str):
            arguments.CONVERTERS[name](arguments._Typed(name, text))


def _left_out(words: list[str], target: str) -> list[str]:
    """Return what the command requires but a page omits (`make accept`)."""
    takes = set(TARGETS[target].values()) & REQUIRED
    known = {word.split("=")[0] for word in words}
    return [f"{option}=1" for option in sorted(takes - known)]


def test_every_other_command_of_a_page_is_run_or_parsed():
    left = {
        each
        for _, each in COMMANDS
        if not each.startswith(("make ", ".venv/bin/python -"))
        and not PLAIN_TOOLS.match(each)
        and not NOT_OURS.match(each)
    }
    ours = {each for each in left if each.startswith(".venv/bin/strandline ")}
    assert ours and left == ours
    for each in ours:
        parser().parse_args(each.split()[1:])


def test_every_link_has_a_target():
    wrong = []
    for page in {*EVERY_PAGE}:
        for link in documents.LINK.findall(documents.prose(page)):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            lacks = anchor and anchor not in documents.anchors(target)
            if not target.exists() or lacks:
                wrong.append((page.name, link))
    assert wrong == []


def test_every_name_that_a_page_or_a_decision_prints_as_code_is_in_the_code():
    folders = ("dagster_project", "dbt_project", "reports", "seeds", "tests")
    listed = ["git", "ls-files", *folders, "Makefile", "pyproject.toml"]
    files = subprocess.run(
        listed, cwd=settings.REPOSITORY, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    known, suffixes = set(), (".py", ".sql", ".yml", ".csv", ".j2", ".toml")
    for file in map(Path, files):
        known.update(file.stem.split("."))
        if file.suffix in suffixes and file.name != Path(__file__).name:
            text = (settings.REPOSITORY / file).read_text("utf-8")
            known.update(re.findall(r"[a-z0-9_]+", text))
    wrong = {
        (page.name, name)
        for page in EVERY_PAGE
        # Names that are made from the models, and former ones.
        if page.name not in (*documents.MADE, "CHANGELOG.md")
        for name in NAME.findall(page.read_text("utf-8"))
        if name not in known and name not in ELSEWHERE
    }
    assert wrong == set()


def test_every_seed_that_a_page_or_a_decision_names_is_there():
    seeds = {file.stem for file in settings.SEEDS.rglob("*.csv")}
    others = {layers.ONLY_MINE, *(Path(name).stem for name in holding.FILES)}
    others.add(Path(pack.METADATA).stem)
    named = {
        (page.name, name)
        for page in EVERY_PAGE
        if page.name != "CHANGELOG.md"
        for name in re.findall(r"`(\w+)\.csv`", page.read_text("utf-8"))
    }
    assert len(named) > 20
    assert {pair for pair in named if pair[1] not in seeds | others} == set()


def _templates() -> set[str]:
    """Return every message of the program, with … in place of its values."""
    found = set()
    files = chain(
        (settings.REPOSITORY / "dagster_project").rglob("*.py"),
        (settings.REPOSITORY / "reports").rglob("*.py"),
    )
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else "…"
                    for part in node.values
                ]
                found.add("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    found.add((settings.REPOSITORY / "Makefile").read_text("utf-8").replace("`", ""))
    return found


@pytest.mark.parametrize("page", ["adapt.md", "author.md"])
def test_every_message_that_a_page_explains_is_one_of_the_programs(page: str):
    tables = (DOCS / page).read_text("utf-8").split("| message |")[1:]
    messages = [
        cell
        for table in tables
        for cell in re.findall(r"^\| `([^`]+)` \|", table.split("\n\n")[0], re.M)
    ]
    assert len(messages) > 5
    templates = _templates()
    unknown = [
        message
        for message in messages
        if not any(_is_said(message, template) for template in templates)
    ]
    assert unknown == []


def _is_said(message: str, template: str) -> bool:
    """Whether a message of the program has every piece of a text, in order."""
    pieces = [re.escape(each.strip()) for each in message.split("…") if each.strip()]
    return bool(re.search(r"[\s\S]*?".join(pieces), template))


def test_the_page_of_the_data_team_explains_every_warning():
    page = (DOCS / "operate.md").read_text("utf-8")
    tests = (settings.DBT_PROJECT / "tests").glob("*.sql")
    warns = {t.stem for t in tests if "severity='warn'" in t.read_text("utf-8")}
    table = page.split("| warning |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(assert_\w+)`", table)) == warns


def test_every_inconsistency_that_a_check_names_is_explained():
    listed = ["git", "grep", "-hoE", r"\bI[0-9]{2}( to I[0-9]{2})?\b", "--"]
    found = subprocess.run(
        [*listed, "dbt_project", "seeds", "tests/test_conventions.py"],
        cwd=settings.REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    named = set()
    for each in filter(None, found):
        numbers = [int(number) for number in re.findall(r"\d+", each)]
        named |= set(range(numbers[0], numbers[-1] + 1))
    page = (DOCS / "glossary.md").read_text("utf-8")
    explained = {int(n) for n in re.findall(r"^\| I(\d\d) \|", page, re.MULTILINE)}
    assert explained == named


@pytest.mark.parametrize("extract", ["crimes", "actions"])
def test_the_page_for_a_force_names_every_column_of_a_contract(extract: str):
    text = (DOCS / "adapt.md").read_text("utf-8")
    missing = [
        column
        for column in contracts.load_contract(extract).columns
        if f"`{column}`" not in text
    ]
    assert missing == []


def test_the_readme_is_three_screens_and_leads_each_user_to_their_page():
    text = README.read_text("utf-8")
    assert len(text.splitlines()) <= 150
    for heading, page in USERS.items():
        section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        assert f"]({page})" in section.split("\nNext: ")[1]


def test_no_paragraph_is_on_two_pages():
    places: dict[str, list[str]] = {}
    for page in [*PAGES, DOCS / "what_to_send_us.md"]:
        paragraphs = {
            " ".join(each.split()) for each in documents.prose(page).split("\n\n")
        }
        for paragraph in paragraphs:
            if len(paragraph) >= LEAST_TWICE and not paragraph.startswith(".venv"):
                places.setdefault(paragraph, []).append(page.name)
    assert [pages for pages in places.values() if len(pages) > 1] == []
