"""The dbt project from outside: what dbt is given, and what it says, in words.

The logic itself is in `dbt_project/`.
"""
