"""The board report as a PDF. Needs Chromium, as tests/test_board_in_browser.py does."""

import json
import re

import pytest

from reports import pdf, write_pack
from reports.published import PackError
from tests.board_fixture import build_board_database
from tests.reporting_fixture import QUARTER

MOST_PAGES = 13  # of a board report with nine strands and no long commentary


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    home = tmp_path_factory.mktemp("printed")
    database = build_board_database(home / "warehouse_1.duckdb")
    return write_pack(database, QUARTER, "essex", home / "pack", {}), database


def test_the_pdf_is_tagged_and_within_the_page_budget(browser, pack):
    printed = pdf.write_pdf(pack[0].folder).read_bytes()
    assert b"/StructTreeRoot" in printed
    assert re.search(rb"/Marked\s+true", printed)
    assert re.search(rb"/Lang\s*\(en-GB\)", printed)
    assert 10 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST_PAGES


def test_the_pdf_is_no_part_of_the_pack_and_goes_with_the_next_report(pack):
    written, database = pack
    (written.folder / pdf.NAME).write_bytes(b"%PDF-1.4")
    manifest = json.loads((written.folder / "manifest.json").read_text("utf-8"))
    assert pdf.NAME not in manifest["files"]
    write_pack(database, QUARTER, "essex", written.folder, {})
    assert not (written.folder / pdf.NAME).exists()


def test_without_chromium_the_message_says_what_to_install(pack, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    with pytest.raises(PackError, match="needs Chromium or Chrome"):
        pdf.write_pdf(pack[0].folder)


def test_without_a_pack_the_message_says_to_make_it(tmp_path):
    with pytest.raises(PackError, match="Run make report first"):
        pdf.write_pdf(tmp_path)
