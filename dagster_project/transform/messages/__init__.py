"""Turns dbt's failures into messages that say what is wrong and what to do.

dbt only prints `FAIL 1` and the path of the SQL. The message of a failed test has its
description and remedy (the test's `meta`), the number of rows, and the first rows with
the names of their files. The message of a failed model or seed has its file, dbt's
sentence and a remedy.
"""

from dagster_project.transform.messages.heard import Heard, Trouble
from dagster_project.transform.messages.told import BuildError, Stop, reason, tell

__all__ = ["BuildError", "Heard", "Stop", "Trouble", "reason", "tell"]
