"""The board report in Word: the page's own elements, written as Word has them.

`document` puts a report's page into the template; `text`, `tables` and `pictures` read
what stands in its lines, tables and drawings; `parts` writes what python-docx cannot.
"""
