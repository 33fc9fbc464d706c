"""Draws a quarter's pack from the published file, without computing any figure.

Everything shown comes from the schema `reporting` of the published DuckDB file. To add
a table, write one `rpt_` model and one row in the seed `report_tables`; no code changes
here. `style.py` decides how things look, `outline.py` and `report.py` what is shown.
"""

from reports.pack import Pack, write_pack
from reports.published import PackError
from reports.terminal import headline

__all__ = ["Pack", "PackError", "headline", "write_pack"]
