"""Dagster's pages in a browser: the graph, a run by hand, and a check that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dagster_project import settings
from tests.conftest import records_of, run_here
from tests.dagster_server import Server, wait_for

WAIT = 20_000  # milliseconds
# A row that breaks a rule of seeds/_seeds.yml: the run stops at its first check.
WRONG = "extract,cadence_days\ncrimes,weekly\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = settings.Home(tmp_path_factory.mktemp("pages") / "home")
    said = run_here("start", "--force", "kent", "--data", str(home.root))
    assert said.exit_code == 0, said.output
    with Server(home) as running:
        running.home = home
        (home.config / "extracts.csv").write_text(WRONG, encoding="utf-8")
        yield running


@pytest.fixture
def tab(browser, server: Server) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


def address(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}/{path}"


def location(server: Server) -> str:
    chosen = server.selector
    return f"{chosen['repositoryName']}@{chosen['repositoryLocationName']}"


@pytest.mark.slow
def test_the_graph_of_assets_shows_groups_by_layer(tab: Page, server: Server):
    tab.goto(address(server, "asset-groups"))
    for group in ("raw_force", "marts_comparisons"):
        expect(tab.get_by_text(group, exact=True).first).to_be_visible(timeout=WAIT)


@pytest.mark.slow
def test_daily_is_launched_by_hand_and_its_failed_check_says_why(
    tab: Page, server: Server
):
    tab.goto(address(server, f"locations/{location(server)}/jobs/daily"))
    tab.get_by_role("button", name=re.compile("Materialize all")).click()

    def ended() -> bool:
        with records_of(server.home) as instance:
            return any(r.status.value == "FAILURE" for r in instance.get_runs())

    wait_for(ended)
    tab.goto(address(server, "assets/checked_seeds?view=checks"))
    message = tab.get_by_text(re.compile("extracts.csv.*cadence_days")).first
    expect(message).to_be_visible(timeout=WAIT)
