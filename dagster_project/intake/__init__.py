"""Intake: deliveries into the schema `raw`, as text, with file and line.

Here a file is found, read, compared with what is known, held or taken, and written to
the load log. What a line means is no question of the intake: dbt's staging models say
whether it is valid.
"""
