"""Dagster's assets, checks, jobs, schedules and sensors; Dagster loads every file here.

They only call the other packages, which do the work. In the order of the pipeline:
ingest.py, checks.py, model.py, warehouse.py, report.py. The jobs and their times are in
schedules.py; arrivals.py starts one of them when files arrive.
"""
