"""dbt for Dagster's resource, which asks it for its version before each run.

`dbt --version` also asks the package index for the newest version, and nothing here may
try the network. Every other command is dbt's own.
"""

import sys
from importlib import metadata


def main() -> None:
    """Answer `--version` from the installed package; else be dbt."""
    if sys.argv[1:] == ["--version"]:
        print(f"Core:\n  - installed: {metadata.version('dbt-core')}")
        return
    from dbt.cli.main import cli

    cli(prog_name="dbt")
