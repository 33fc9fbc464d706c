"""The board report: what changed, what to ask about, the plan, and what is unknown.

`read.read_board` reads the tables `rpt_board_*` and the delivery plan, `words` writes
sentences, `drawings` computes positions, and `page.write_board` writes the page. No
figure is computed here.
"""
