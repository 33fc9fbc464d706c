"""Readers: a file of any kind becomes Arrow tables of texts, and no line is lost.

A reader knows its kind of file and the columns of the contract. It knows nothing of
other deliveries and writes nothing.
"""
