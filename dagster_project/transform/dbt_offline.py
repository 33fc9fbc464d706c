"""dbt as Dagster starts it, without the network.

Dagster calls `dbt --version` before each run, and that command asks the package index
for the newest version. This program answers it from the installed package. It passes
every other command to dbt.
"""

import sys
from importlib import metadata


def main() -> None:
    """Answer `--version` from the installed package; run dbt for all else."""
    if sys.argv[1:] == ["--version"]:
        print(f"Core:\n  - installed: {metadata.version('dbt-core')}")
        return
    from dbt.cli.main import cli

    cli(prog_name="dbt")
