"""Adding things stays cheap: what it takes is what these tests add, and no more."""

import csv
from pathlib import Path

from tests.conftest import QUARTER, append, deliver, run_command


def test_a_strand_and_a_measure_are_seed_rows_alone(checkout: Path):
    append(checkout, "strands", "cps_2018,rural_crime,Rural Crime,10")
    append(
        checkout,
        "measures",
        "shop_theft,Shop theft,Recorded crimes of offence 46,crimes,crimes,flow,"
        "lower_is_better,true,500",
    )
    append(checkout, "measure_rules", "shop_theft,1,,,46,,,")
    append(checkout, "strand_measures", "cps_2018,rural_crime,shop_theft")
    home = checkout / "home"
    deliver(home)
    options = ["--data", str(home), "--force", "essex", "--quarter", QUARTER]
    result = run_command(home, "report", *options, checkout=checkout)
    assert result.exit_code == 0, result.output

    tables = result.pack / "tables"
    rolling = list(csv.DictReader((tables / "rolling_12_months.csv").open()))
    shop_theft = [row for row in rolling if row["measure"] == "shop_theft"]
    # C16 and C17 in the 12 months before; C13, put right by its second delivery, since.
    assert [
        (row["strand"], row["previous_12_months"], row["current_12_months"])
        for row in shop_theft
    ] == [("Rural Crime", "2", "1")]
    plan = list(csv.DictReader((tables / "delivery_progress.csv").open()))
    assert [row["strand"] for row in plan][-2:] == ["Rural Crime", "Total"]
    page = (result.pack / "index.html").read_text(encoding="utf-8")
    assert "Rural Crime" in page and "Shop theft" in page
    assert (result.pack / "charts" / "monthly_shop_theft.svg").exists()
