"""Dagster's definitions, in files in the order of the pipeline; loaded by themselves.

They connect and name things. The work is done by the packages beside this one.
"""
