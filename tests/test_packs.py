"""Packs of several forces in one home."""

from pathlib import Path

import lxml.html
import pytest

from dagster_project import packs
from dagster_project.errors import DeliveryError
from reports import Pack
from tests.conftest import QUARTER, Result


def test_a_pack_that_cannot_be_written_does_not_stop_the_others(
    first_build: Result, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    written = []
    folders = {
        force: first_build.home.output / force / QUARTER
        for force in ("dorset", "essex", "kent", "surrey")
    }

    def write(database, quarter, force, *rest):
        if force == "kent":
            raise KeyError("None")
        written.append(force)
        return Pack(folders[force], "", "", {}, ())

    monkeypatch.setattr("reports.pack.write_pack", write)
    monkeypatch.setattr(packs, "folders", lambda home, quarter: folders)
    monkeypatch.setattr(packs, "index", lambda home: tmp_path / "index.html")
    with pytest.raises(
        DeliveryError, match=r"3 of 4 packs .* Not written: kent \(KeyError"
    ):
        packs.write(first_build.home, QUARTER)
    assert written == ["dorset", "essex", "surrey"]
    page = lxml.html.fromstring((tmp_path / "index.html").read_text("utf-8"))
    assert page.xpath("//tbody//a/@href") == [f"essex/{QUARTER}/index.html"]
