"""The delivery plan: its lists of actions, their dates, and what has changed."""

import csv

import pandas as pd
import pytest

from tests.conftest import QUARTER, Result


def table(result: Result, name: str) -> list[dict[str, str]]:
    path = result.pack / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("actions_delivered", ["A1"]),
        ("actions_scheduled", ["A7", "A2", "A3"]),
        ("actions_at_risk", ["A3"]),
        ("actions_overdue", []),
        ("actions_slipped", []),
        ("actions_without_owner", []),
    ],
)
def test_each_list_holds_the_actions_worked_out_by_hand(tiny: Result, name, actions):
    assert [row["action_id"] for row in table(tiny, name)] == actions


def test_an_action_at_risk_says_why_and_what_is_done_about_it(tiny: Result):
    (row,) = table(tiny, "actions_at_risk")
    assert row["at_risk_reason"] == "Too few orders are reviewed"
    assert row["mitigation"] == "Part of the intelligence review"


def test_what_changed_since_last_quarters_plan_is_listed_action_by_action(
    tiny: Result,
):
    changes = [
        (row["action_id"], row["change_name"], row["value_before"], row["value_now"])
        for row in table(tiny, "actions_changed")
    ]
    assert changes == [
        ("A1", "Status", "Ongoing", "Complete"),
        ("A7", "Added to the plan", "", "Ongoing"),
        ("A4", "No longer in the plan", "Ongoing", ""),
    ]


def test_last_quarters_progress_stands_beside_this_quarters(tiny: Result):
    totals = [
        (row["plan_quarter"], row["plan_as_at_date"], row["total"], row["complete"])
        for row in table(tiny, "delivery_progress_compared")
        if row["strand"] == "Total"
    ]
    assert totals == [
        ("Q1 2021/22", "2021-08-17", "4", "0"),
        ("Q2 2021/22", "2021-11-17", "4", "1"),
    ]


def test_an_overdue_action_is_one_that_was_due_before_the_day_of_the_plan(
    demonstration: Result,
):
    rows = table(demonstration, "actions_overdue")
    assert rows
    assert all(row["due_date"] < "2021-11-17" for row in rows)
    assert all(int(row["days_overdue"]) > 0 for row in rows)


def test_a_slipped_action_says_both_due_dates(demonstration: Result):
    rows = table(demonstration, "actions_slipped")
    assert rows
    assert all(row["previous_due_date"] < row["due_date"] for row in rows)


def test_the_demonstrations_one_risk_is_the_one_that_the_report_tells(
    demonstration: Result,
):
    (row,) = table(demonstration, "actions_at_risk")
    assert row["strand"] == "Digital Crime and Fraud"
    assert "Serious Crime Prevention Order" in row["at_risk_reason"]


def test_the_delivered_actions_explain_the_change_in_the_complete_ones(
    demonstration: Result,
):
    """Complete now less complete then equals the actions completed in between."""
    progress = {
        row["plan_quarter"]: int(row["complete"])
        for row in table(demonstration, "delivery_progress_compared")
        if row["strand"] == "Total"
    }
    completed = [
        row
        for row in table(demonstration, "actions_changed")
        if row["value_now"] == "Complete"
    ]
    assert progress["Q2 2021/22"] - progress["Q1 2021/22"] == len(completed) == 27


def test_a_status_is_valid_until_the_next_one_for_every_action(demonstration: Result):
    rows = demonstration.rows(
        "select count(*), count(*) filter (where is_current),"
        " count(*) filter (where valid_to <= valid_from) from marts.fct_action_statuses"
    )
    assert rows == [(526, 325, 0)]


def test_the_titles_of_the_lists_name_their_window(demonstration: Result):
    titles = dict(
        demonstration.rows(
            "select table_name, table_title from reporting.rpt_tables"
            f" where quarter = '{QUARTER}' and table_name like 'actions_%'"
        )
    )
    assert titles["actions_delivered"].startswith(
        "Actions delivered, July to September 2021"
    )
    assert titles["actions_scheduled"].startswith(
        "Actions scheduled, October to December 2021"
    )
    assert all("17 November 2021" in title for title in titles.values())


def test_actions_delivered_tie_to_the_change_of_complete_ones_as_in_the_two_trackers(
    demonstration: Result,
):
    plans = demonstration.home.landing / "actions"
    before, now = (
        pd.read_excel(plans / f"actions_{day}T060000.xlsx").set_index("action_id")
        for day in ("20210817", "20211117")
    )
    was = (before["action_status"] == "Complete").reindex(now.index, fill_value=False)
    done = now["action_status"] == "Complete"
    delivered = done & now["completed_date"].between("2021-07-01", "2021-09-30")
    counted = [(done.sum() - was.sum()), delivered.sum(), (delivered & was).sum()]
    counted += [(done & ~was & ~delivered).sum(), (was & ~done).sum()]
    (row,) = demonstration.rows(
        "select complete_change, delivered_count, delivered_before_count,"
        " other_complete_count, no_longer_complete_count"
        f" from reporting.rpt_board_plan where quarter = '{QUARTER}'"
        " and strand = 'Total'"
    )
    assert list(row) == counted == [27, 44, 25, 8, 0]
    page = (demonstration.pack / "index.html").read_text(encoding="utf-8")
    assert (
        "44 actions were delivered from July to September. The number of complete"
        " actions changed by +27, because 25 of these were already complete in the"
        " plan of 17 August 2021 and 8 others were completed outside these months."
    ) in page
