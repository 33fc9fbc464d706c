"""Several files with one extraction time are the parts of one delivery."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from dagster_project.errors import DeliveryError
from tests.intake_files import Intake, contract, many, text_of


@pytest.fixture
def intake(tmp_path) -> Iterator[Intake]:
    in_two = replace(contract("full"), part_count=2)
    with closing(Intake(tmp_path, in_two)) as opened:
        yield opened


@pytest.fixture
def other(tmp_path) -> Iterator[Intake]:
    in_two = replace(contract("full"), part_count=2)
    with closing(Intake(tmp_path / "other", in_two)) as opened:
        yield opened


def part(where: str, day: int) -> str:
    return f"things_{where}_202101{day:02}T060000.csv"


def test_the_parts_of_a_full_extract_close_nothing_of_each_other(intake):
    intake.put(part("north", 1), text_of("1,red,1", "2,red,1"))
    intake.put(part("south", 1), text_of("3,red,1"))
    intake.run()
    assert set(intake.now()) == {"1", "2", "3"}
    assert [load[1:] for load in intake.loads()] == [
        ("loaded", 2, 2, 0, 0),
        ("loaded", 1, 1, 0, 0),
    ]


def test_a_key_that_no_part_of_the_next_delivery_contains_is_closed(intake):
    for day, north in ((1, ["1,red,1", "2,red,1"]), (8, ["1,red,1"])):
        intake.put(part("north", day), text_of(*north))
        intake.put(part("south", day), text_of("3,red,1", "4,red,1"))
    intake.run()
    assert set(intake.now()) == {"1", "3", "4"}
    assert intake.stored()[-1] == (8, None, "2", None, None, True)


def test_a_thing_may_move_from_one_part_to_the_other(intake):
    intake.put(part("north", 1), text_of("1,red,1", "2,red,1"))
    intake.put(part("south", 1), text_of("3,red,1"))
    intake.put(part("north", 8), text_of("1,red,1"))
    intake.put(part("south", 8), text_of("2,red,1", "3,red,1"))
    intake.run()
    assert set(intake.now()) == {"1", "2", "3"}
    assert len(intake.stored()) == 3


def test_a_part_alone_waits_for_the_others_and_closes_nothing(intake, other):
    files = {
        part("north", 1): many(5),
        part("south", 1): many(5, first=5),
        part("north", 8): many(5, "blue"),
        part("south", 8): many(5, "blue", first=5),
    }
    for file_name, data in list(files.items())[:3]:
        intake.put(file_name, data)
    result = intake.run()
    assert "1 of the 2 parts" in result.held[part("north", 8)]
    assert {colour for colour, _ in intake.now().values()} == {"red"}
    intake.take(part("south", 8), files[part("south", 8)])
    assert {colour for colour, _ in intake.now().values()} == {"blue"}
    for file_name, data in files.items():
        other.put(file_name, data)
    other.run()
    assert other.now() == intake.now()


def test_a_delivery_in_parts_is_judged_and_accepted_as_a_whole(intake):
    for where, first in (("north", 0), ("south", 50)):
        intake.put(part(where, 1), many(50, first=first))
        intake.put(part(where, 8), many(30, "blue", first=first))
    result = intake.run()
    assert "60 lines" in result.held[part("north", 8)]
    assert set(result.held) == {part("north", 8), part("south", 8)}
    intake.accept(3)
    intake.run()
    assert [load[1] for load in intake.loads()] == ["loaded"] * 4
    assert len(intake.now()) == 60


def test_an_unreadable_line_in_one_part_leaves_everything_open(intake):
    intake.put(part("north", 1), text_of("1,red,1", "2,red,1"))
    intake.put(part("south", 1), text_of("3,red,1"))
    intake.put(part("north", 8), text_of("1,red,1"))
    intake.put(part("south", 8), text_of("3,red,1", "9,too few"))
    intake.run()
    assert set(intake.now()) == {"1", "2", "3"}


@pytest.mark.parametrize(("north", "south"), [("1", "1"), ("ab1", "AB1")])
def test_a_key_in_two_parts_of_one_moment_refuses_the_delivery(intake, north, south):
    intake.put(part("north", 1), text_of(f"{north},red,1", "2,red,1"))
    intake.put(part("south", 1), text_of(f"{south},blue,1"))
    with pytest.raises(DeliveryError, match=rf"1 keys? are.*thing_id: {north}"):
        intake.run()
    assert intake.now() == {}


def test_more_files_of_one_moment_than_there_are_parts_are_refused(intake):
    for where in ("east", "north", "south"):
        intake.put(part(where, 1), text_of(f"{where},red,1"))
    with pytest.raises(DeliveryError, match="is delivered in 2 parts"):
        intake.run()


def test_a_delta_in_parts_changes_what_its_parts_hold(tmp_path):
    in_two = replace(contract("delta"), part_count=2)
    with closing(Intake(tmp_path, in_two)) as intake:
        for day, colour in ((1, "red"), (8, "blue")):
            intake.put(part("north", day), text_of(f"1,{colour},1"))
            intake.put(part("south", day), text_of(f"2,{colour},1"))
        intake.run()
        assert intake.now() == {"1": ("blue", "1"), "2": ("blue", "1")}
