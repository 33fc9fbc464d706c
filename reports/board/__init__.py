"""The board report: what changed, what to ask about, the plan, and what is not known.

`read_board` reads the tables `rpt_board_*` and the delivery plan, `words` says them in
English, `drawings` places them, and `write_board` writes the page. No figure is made
here.
"""

from reports.board.page import write_board
from reports.board.read import read_board
from reports.board.records import Board

__all__ = ["Board", "read_board", "write_board"]
