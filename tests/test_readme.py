"""What the README says is true."""

import re

import pytest

from dagster_project import settings
from dagster_project.intake import contracts
from tests.conftest import Result
from tests.readme_questions import README, ask, questions


def test_there_are_ten_questions():
    assert len(questions()) == 10


@pytest.mark.parametrize("number", range(10))
def test_a_question_of_the_readme_has_the_answer_it_prints(
    demonstration: Result, number: int
):
    question = questions()[number]
    assert ask(demonstration.home.current, question.sql) == question.answer


@pytest.mark.parametrize("extract", ["crimes", "actions"])
def test_the_readme_names_every_column_of_a_contract(extract: str):
    text = README.read_text("utf-8")
    missing = [
        column
        for column in contracts.load_contract(extract).columns
        if f"`{column}`" not in text
    ]
    assert missing == []


def test_every_link_of_the_readme_leads_somewhere():
    text = README.read_text("utf-8")
    targets = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    missing = [name for name in targets if not (settings.REPOSITORY / name).exists()]
    assert missing == []


def test_every_make_target_of_the_readme_exists():
    makefile = (settings.REPOSITORY / "Makefile").read_text("utf-8")
    text = README.read_text("utf-8")
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE))
    defined = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert named - defined == set()
