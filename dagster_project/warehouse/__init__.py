"""Writes the published file from the work file, compares the two, and reads it.

Publications, the packs that the board was given, are in `releases/`.
"""
