"""Strandline's Python code: reads deliveries, runs dbt, and writes files and packs."""
