"""Open data of data.police.uk: archives, and their files by force and month.

This package has what is particular to these files; `reading/` splits CSV files.
"""
