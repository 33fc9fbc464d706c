"""The board report in Word: the elements of the HTML page, written as Word elements.

`document` writes a report's page into the template; `text`, `tables` and `pictures`
read the page's lines, tables and drawings; `parts` writes what python-docx cannot.
"""
