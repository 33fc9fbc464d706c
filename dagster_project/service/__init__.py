"""What `make up` runs: Dagster's web server and daemon, and nginx before them.

docs/decisions/0026 says why, and what stays open.
"""
