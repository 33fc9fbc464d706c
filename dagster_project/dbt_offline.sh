#!/bin/sh
# dagster-dbt asks `dbt --version` before each run, and dbt then asks the package index
# for the newest one. Nothing may try the network: that question is answered here.
if [ "$1" = "--version" ]; then
    echo "installed: $STRANDLINE_DBT_VERSION"
    exit 0
fi
exec "$STRANDLINE_DBT" "$@"
