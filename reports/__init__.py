"""Draws a quarter's pack from the published file. It computes no figure.

Everything shown comes from the schema `reporting` of the published DuckDB file: a
new table costs one `rpt_` model and one row in the seed `report_tables`, and nothing
here. How things look is in `style.py`; what there is to show is in `contents.py`.
"""

from reports.pack import Pack, write_pack
from reports.published import PackError
from reports.terminal import headline

__all__ = ["Pack", "PackError", "headline", "write_pack"]
