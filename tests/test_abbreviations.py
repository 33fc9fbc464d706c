"""Each page of a pack spells out the abbreviations that it prints."""

import re

import pytest

from reports.abbreviations import MARKER, meanings, spelt_out, text_of, used_in
from tests.conftest import Result

# Words that all readers know, and the forms of dates and checksums.
KNOWN = {"OFFICIAL", "UK", "SHA", "YYYY", "MM", "DD"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Referrals from CEOP, and CEOP alone", ["CEOP"]),
        ("4P plans and the MoRiLE score", ["4P", "MoRiLE"]),
        ("Show granted DVPOs to GPs", ["DVPO", "GP"]),
        ("Night-Time Economy (NTE) and Night-time economy (NTE)", []),
        ("Night-Time Economy (NTE), then NTE", ["NTE"]),
        ("An ACT, then counter-terrorism (CT)", ["ACT"]),
        ("Orders (DVPO)", ["DVPO"]),
        ("CPS-216 in Q2 2021/22, offence 34B, McDonald, Op Grip", []),
    ],
)
def test_abbreviations_are_found_but_not_references_and_names(text, found):
    assert used_in(text) == found


def test_each_part_of_a_page_spells_out_its_own_abbreviations():
    page = f"<p>CEOP</p>{MARKER}<p>a CT risk &amp; CEOP</p>{MARKER}<p>GP</p>{MARKER}"
    first, second, third = re.findall("<p class=.*?</p>", spelt_out(page))
    assert "CEOP is Child Exploitation and Online Protection." in first
    assert "CEOP is" in second and "; CT is counter-terrorism." in second
    assert "CEOP" not in third and "GP is general practitioner." in third
    assert MARKER not in spelt_out(page)


def test_a_page_without_abbreviations_has_no_line():
    assert spelt_out(f"<p>Op Grip</p>{MARKER}") == "<p>Op Grip</p>"


def test_each_page_of_the_demonstration_spells_out_every_abbreviation(
    demonstration: Result,
):
    for name in ("index.html", "annex.html", "quality.html"):
        page = (demonstration.pack / name).read_text(encoding="utf-8")
        used = set(used_in(text_of(page)))
        assert used <= meanings().keys() | KNOWN, name
        for part in page.split('<section class="page')[1:] or [page]:
            (line,) = re.findall('"abbreviations">([^<]*)', part) or [""]
            own = set(used_in(text_of(part))) & meanings().keys()
            assert all(f"{short} is {meanings()[short]}" in line for short in own)
