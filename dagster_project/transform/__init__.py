"""Runs dbt: gives it its settings, and puts its failures into plain words.

The SQL itself is in `dbt_project/`.
"""
