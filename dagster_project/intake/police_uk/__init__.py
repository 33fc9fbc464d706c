"""Open data of data.police.uk: archives, and their files by force and month.

What is special to these files is here; how a CSV file is split is in `reading/`.
"""
