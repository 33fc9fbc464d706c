"""The page as a browser shows it: accessible, narrow enough, silent, without script.

Needs Chromium: skipped where there is none, but never in CI.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports import write_pack
from tests.reporting_fixture import QUARTER, build_database

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FORCES, WIDTHS = ["essex", "elsewhere"], [1200, 320]


@pytest.fixture(scope="module")
def packs(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("packs")
    database = build_database(home / "warehouse_1.duckdb")
    for force in FORCES:
        write_pack(database, QUARTER, force, home / force, {})
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must check the page in a browser: install {CHROMIUM}")
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(params=[(f, w) for f in FORCES for w in WIDTHS], ids=str)
def opened(request, browser, packs) -> Iterator:
    """The page open at a width, every chart's figures unfolded; and what it asked."""
    force, width = request.param
    tab = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    tab.on("request", lambda sent: asked.append(sent.url))
    tab.goto((packs / force / "index.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield tab, asked
    tab.close()


def test_axe_finds_nothing_to_mend(opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened[0]).response
    problems = [
        (rule["id"], node["html"][:120])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert problems == []
    assert len(found["passes"]) > 20


def test_the_page_never_scrolls_sideways(opened):
    tab, _ = opened
    wide, screen = tab.evaluate(
        "[document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert wide <= screen


def test_the_page_asks_for_nothing_but_itself(opened):
    tab, asked = opened
    assert [url for url in asked if not url.startswith("data:")] == [tab.url]


def test_the_page_runs_no_script_and_every_chart_is_drawn(opened):
    tab, _ = opened
    assert tab.evaluate("document.scripts.length") == 0
    drawn = tab.evaluate(
        "Promise.all([...document.images].map(i => i.decode().then(() => "
        "i.naturalWidth)))"
    )
    assert drawn and all(width > 0 for width in drawn)
