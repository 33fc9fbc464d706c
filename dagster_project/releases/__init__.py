"""Publications: the packs that were given out, with the figures as they stood.

They are saved whole, never changed, and made again to compare. The file that analysts
read is in `warehouse/`.
"""
