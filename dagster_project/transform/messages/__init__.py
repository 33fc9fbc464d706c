"""What a run of dbt has to say of its failures, in words a person can act on.

dbt says `FAIL 1` and where the SQL lies. Here a failed test says what does not hold, in
how many rows, the first of them with their files, and the remedy (`meta` of each test);
a model or seed that failed says its file, the sentence and a remedy.
"""

from dagster_project.transform.messages.heard import Heard, Trouble
from dagster_project.transform.messages.told import BuildError, Stop, reason, tell

__all__ = ["BuildError", "Heard", "Stop", "Trouble", "reason", "tell"]
