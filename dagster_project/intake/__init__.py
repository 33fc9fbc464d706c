"""Intake: writes delivered files into the schema `raw`, as text, with file and line.

The intake finds a file, reads it, compares it with what is known, takes it or puts it
on hold, and writes what became of it to the load log. It does not interpret values:
dbt's staging models decide whether a line is valid.
"""
