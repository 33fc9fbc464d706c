"""The sensor on the landing folder."""

import os
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.defs.arrivals import new_deliveries


class Watched:
    """A landing folder and a sensor that looks at it; `look` gives the run keys."""

    def __init__(self, root: Path) -> None:
        self.folder, self.cursor = settings.Home(root).landing / "crimes", None
        self.folder.mkdir(parents=True)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(1, len(text)))

    def look(self) -> list[str]:
        context = dg.build_sensor_context(cursor=self.cursor)
        result = new_deliveries(context)
        if isinstance(result, dg.SkipReason):
            self.cursor = context.cursor
            return []
        self.cursor = result.cursor
        return [request.run_key for request in result.run_requests]


@pytest.fixture
def watched(tmp_path, monkeypatch) -> Watched:
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path))
    return Watched(tmp_path)


def test_a_complete_file_starts_one_run(watched):
    watched.write("crimes_20210407T060000.csv", "a")
    assert [len(watched.look()) for _ in range(4)] == [0, 1, 0, 0]


def test_a_file_that_grows_starts_no_run(watched):
    for text in ("a", "ab", "abc"):
        watched.write("crimes_20210407T060000.csv", text)
        assert watched.look() == []
    assert len(watched.look()) == 1


def test_a_file_that_is_written_over_starts_another_run(watched):
    watched.write("crimes_20210407T060000.csv", "a")
    first = watched.look() + watched.look()
    watched.write("crimes_20210407T060000.csv", "another")
    second = watched.look() + watched.look()
    assert len(first) == len(second) == 1
    assert first != second


def test_files_that_come_together_start_one_run(watched):
    for day in (1, 2, 3):
        watched.write(f"crimes_2021040{day}T060000.csv", "a" * day)
    assert [len(watched.look()) for _ in range(3)] == [0, 1, 0]


@pytest.mark.parametrize("name", ["crimes_20210407T060000.csv.part", "~$crimes.xlsx"])
def test_a_file_that_is_not_complete_by_its_name_starts_no_run(watched, name):
    watched.write(name, "a")
    assert watched.look() + watched.look() == []


def test_a_file_of_an_extract_that_the_home_adds_starts_a_run(watched: Watched):
    config = watched.folder.parents[1] / "config"
    config.mkdir()
    header, *rows = settings.seed("extracts").read_text(encoding="utf-8").splitlines()
    (row,) = [each for each in rows if each.startswith("incidents,")]
    own = row.replace("incidents,", "asb,", 1)
    (config / "extracts.csv").write_text(f"{header}\n{own}\n", encoding="utf-8")
    watched.folder = watched.folder.parent / "asb"
    watched.folder.mkdir()
    watched.write("asb_20211117T060000.csv", "incident_id\nA1\n")
    watched.look()
    assert len(watched.look()) == 1
