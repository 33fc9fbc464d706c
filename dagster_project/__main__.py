"""`python -m dagster_project …` is the same as `.venv/bin/strandline …`."""

import sys

from dagster_project.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
