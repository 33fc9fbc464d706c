"""The page in a browser: accessible, narrow enough, without requests and scripts.

Needs Chromium. Without it these tests are skipped, but never in CI.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports import write_pack
from tests.reporting_fixture import QUARTER, build_database

FORCES, WIDTHS = ["essex", "elsewhere"], [1200, 320]


@pytest.fixture(scope="module")
def packs(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("packs")
    database = build_database(home / "warehouse_1.duckdb")
    for force in FORCES:
        write_pack(database, QUARTER, force, home / force, {})
    return home


@pytest.fixture(params=[(f, w) for f in FORCES for w in WIDTHS], ids=str)
def opened(request, browser, packs) -> Iterator:
    """The page, open at a width with every chart's table unfolded, and its requests."""
    force, width = request.param
    tab = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    tab.on("request", lambda sent: asked.append(sent.url))
    tab.goto((packs / force / "annex.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield tab, asked
    tab.close()


def test_axe_finds_no_accessibility_fault(opened):
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


def test_the_page_makes_no_other_requests(opened):
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


# Attacks by injected markup, one for each directive of the policy that stops it.
ATTEMPTS = """
expected => new Promise((done, failed) => {
  const stopped = new Set();
  document.addEventListener("securitypolicyviolation", e => {
    stopped.add(e.effectiveDirective);
    if (expected.every(name => stopped.has(name))) done(document.title);
  });
  setTimeout(() => failed("stopped only: " + [...stopped].sort()), 20000);
  const add = (name, properties) => {
    const made = Object.assign(document.createElement(name), properties);
    document.body.append(made);
    return made;
  };
  add("script", {textContent: "document.title = 'run'"});
  add("script", {src: "http://127.0.0.1:9/x.js"});
  add("img", {src: "http://127.0.0.1:9/x.png"});
  add("link", {rel: "stylesheet", href: "http://127.0.0.1:9/x.css"});
  add("iframe", {src: "http://127.0.0.1:9/"});
  add("object", {data: "http://127.0.0.1:9/x"});
  add("video", {src: "http://127.0.0.1:9/x.mp4"});
  add("base", {href: "http://127.0.0.1:9/"});
  add("button", {id: "pressed"}).setAttribute("onclick", "document.title = 'run'");
  document.getElementById("pressed").click();
  fetch("http://127.0.0.1:9/").catch(() => {});
  add("form", {action: "http://127.0.0.1:9/", method: "post"}).submit();
})
"""


FORBIDDEN = [
    "base-uri",
    "connect-src",
    "form-action",
    "frame-src",
    "img-src",
    "media-src",
    "object-src",
    "script-src-attr",
    "script-src-elem",
    "style-src-elem",
]


def test_the_policy_stops_each_thing_that_it_forbids(browser, packs):
    tab = browser.new_page()
    tab.goto((packs / "essex" / "annex.html").as_uri())
    title = tab.title()
    # Wait until the browser has reported a violation of each directive.
    assert tab.evaluate(ATTEMPTS, FORBIDDEN) == title
    tab.close()
