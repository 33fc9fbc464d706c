"""The command line: one file a command, with its options and what it does.

A command checks what was typed, calls the package that does the work, and prints the
outcome. What the work is does not belong here.
"""
