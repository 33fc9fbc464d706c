"""The command line: one file per command.

A command reads its options, calls the package that does the work, and prints the
outcome.
"""
