"""The published file: made from the work file, compared with it, and read.

What is given out to the board, and stays as it was, is in `releases/`.
"""
