"""Saves publications (packs that the board was given), and makes them again to compare.

A publication is never changed. The file that analysts read is made in `warehouse/`.
"""
