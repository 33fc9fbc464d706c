"""The pages that are made from declarations say what the checks ask."""

import pytest

from dagster_project import documentation, paths
from dagster_project.sources import contracts


@pytest.mark.parametrize("name", ["what_to_send_us.md", "data_dictionary.md"])
def test_a_made_page_is_up_to_date(name):
    committed = (documentation.DOCS / name).read_text(encoding="utf-8")
    assert committed == documentation.pages()[name], "run make docs"


def test_the_suppliers_page_names_every_column_and_every_remedy_of_every_extract():
    page = documentation.what_to_send_us()
    for extract in paths.force_extracts():
        declared = contracts.declaration(extract)
        section = page.split(f"\n## {extract}\n")[1].split("\n## ")[0]
        for column in declared["columns"]:
            assert f"| `{column['name']}` |" in section
        for rule in declared.get("config", {}).get("meta", {}).get("rules", []):
            assert rule["remedy"] in section
        assert ",".join(contracts.load_contract(extract).columns) in section


def test_the_suppliers_page_says_types_values_ranges_and_what_full_and_delta_mean():
    page = documentation.what_to_send_us()
    assert "| `is_online` | `Y` or `N` | yes |" in page
    assert "| yes | Recorded, Transferred, Cancelled |" in page
    assert "| yes | at least 2000-01-01T00:00:00 | When the crime was recorded." in page
    assert "| one of the 132 in `seeds/offences.csv` |" in page
    assert "New and changed rows only" in page
    assert (
        "A file with less than 70% of the usual rows (the median of the last 6" in page
    )
    assert "_extracted_at" not in page


def test_the_dictionary_has_every_column_of_every_mart_with_its_words():
    page = documentation.data_dictionary()
    section = page.split("### marts.fct_actions\n")[1].split("\n### ")[0]
    assert section.strip().startswith("One row per action")
    assert "| `is_at_risk` | boolean |" in section
    assert "- `staging.stg_force__crimes`: One row per line in raw" in page
