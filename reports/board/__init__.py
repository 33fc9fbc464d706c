"""The board report: what changed, what to ask about, the plan, and what is not known.

`read.read_board` reads the tables `rpt_board_*` and the delivery plan, `words` says
them in English, `drawings` places them, and `page.write_board` writes the page. No
figure is made here.
"""
