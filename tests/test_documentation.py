"""The generated pages on contracts and models are complete and up to date."""

import json
import re
import subprocess
from datetime import timedelta

import pytest

from dagster_project import documentation, settings
from dagster_project.intake import contracts, plausibility
from dagster_project.transform import manifest
from tests.conftest import Result
from tests.recipes import recipes

# Files that the program writes; they are not in the repository.
WRITTEN = ("reports/output", "reports/authors_text")
SAYS = (".md", ".py", ".sql", ".yml", ".csv", "Makefile")
NAMED = re.compile(
    r"(?<![\w/.-])(?:dagster_project|dbt_project|docs|reports|seeds|tests)/[\w/.-]*\w"
)


@pytest.mark.parametrize(
    "name",
    [
        "what_to_send_us.md",
        "data_dictionary.md",
        "dictionary.html",
        documentation.EXPOSURE,
    ],
)
def test_a_made_page_is_up_to_date(name):
    committed = (documentation.DOCS / name).read_text(encoding="utf-8")
    assert committed == documentation.pages()[name], "run make docs"


def test_the_suppliers_page_names_every_column_and_every_remedy_of_every_extract():
    page = documentation.what_to_send_us()
    for extract in settings.force_extracts():
        declared = contracts.declaration(extract)
        section = page.split(f"\n## {extract}\n")[1].split("\n## ")[0]
        for column in declared["columns"]:
            assert f"| `{column['name']}` |" in section
        for rule in declared.get("config", {}).get("meta", {}).get("rules", []):
            assert f"- {rule['fault']}. {rule['remedy']}\n" in section
        assert ",".join(contracts.load_contract(extract).columns) in section


def test_the_suppliers_page_says_types_values_ranges_and_what_full_and_delta_mean():
    page = documentation.what_to_send_us()
    assert "| `is_online` | `Y` or `N` | yes |" in page
    assert "| yes | Recorded, Transferred, Cancelled |" in page
    assert "| yes | at least 2000-01-01T00:00:00 | When the crime was recorded." in page
    assert "| one of the 132 in `seeds/reference/offences.csv` |" in page
    assert "New and changed rows only" in page
    assert "fewer than 70% of the usual rows (the median of the last 6" in page


def test_the_suppliers_page_has_no_sql_and_no_column_of_ours():
    prose = documentation.what_to_send_us().replace("<!--", "")
    for sql in ("_extracted_at", "<", ">=", "is not null", "last_day(", "cast("):
        assert sql not in prose


def test_the_suppliers_page_says_how_far_apart_two_deliveries_may_be(monkeypatch):
    farther = timedelta(days=200)
    monkeypatch.setattr(plausibility, "farthest", lambda contract: farther)
    page = documentation.what_to_send_us()
    assert "more than 200 days after the delivery before it" in page
    assert "183" not in page and "half a year" not in page


def test_the_dictionary_has_every_column_of_every_mart_with_its_words():
    page = documentation.data_dictionary()
    section = page.split("### marts.fct_actions\n")[1].split("\n### ")[0]
    assert section.strip().startswith("One row per action")
    assert "| `is_at_risk` | boolean |" in section
    assert "- `staging.stg_force__crimes`: One row per line in raw" in page


def test_the_page_to_search_has_every_published_table_and_column(
    demonstration: Result,
):
    rows = re.findall(
        r"<tr><th>([\w.]+)</th><td>(\w*)</td>", documentation.dictionary_to_search()
    )
    published = demonstration.rows(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where schema_name in ('marts', 'reporting')"
    )
    # All laid-out tables share these columns, which are described once.
    common = {"quarter", "force_code", "row_position"}
    assert {row for row in published if row[1] not in common} <= set(rows)
    assert {(table, "") for table, _ in published} <= set(rows)


def test_the_exposure_to_analysts_names_every_mart_and_nothing_else():
    nodes = json.loads(manifest.prepared().read_text(encoding="utf-8"))["nodes"]
    marts = {
        node["name"]
        for node in nodes.values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    named = re.findall(r"ref\('(\w+)'\)", documentation.analysts_sql())
    assert sorted(marts) == named


def test_every_path_that_a_document_or_a_message_names_exists():
    folders = ("*.md", "Makefile", "dagster_project", "dbt_project", "docs", "seeds")
    listed = ["git", "-C", str(settings.REPOSITORY), "ls-files", *folders, "reports"]
    files = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    to_write = {step.path for recipe in recipes().values() for step in recipe.steps}
    wrong = [
        (file, name)
        for file in files.splitlines()
        if file.endswith(SAYS)
        for name in NAMED.findall((settings.REPOSITORY / file).read_text("utf-8"))
        # A decision may be named only by its number.
        if not name.startswith(WRITTEN)
        and name not in to_write
        and not [*settings.REPOSITORY.glob(f"{name}*")]
    ]
    assert wrong == []


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(
        file.name[:4] for file in (documentation.DOCS / "decisions").iterdir()
    )
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
