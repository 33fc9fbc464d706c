"""Compares the author's sentences and numbers with the figures of their page.

to_check.py says what is checked where. A sentence goes through claims.py (which words
claim a change), unclaimed.py (what is denied, expected or wished), topics.py, naming.py
and speaking.py (what it is about), and directions.py with districts.py, months.py and
periods.py (whether the figures bear it). numbers.py compares numbers. What a sentence
can be about is in subjects.py, and which figures a section has in figures.py.

Nothing here draws a page. The words for the author are in
reports/sentences/check_*.j2.
"""
