"""Readers: convert a file of any kind to Arrow tables of texts, without losing a line.

A reader uses only the file and the columns of the contract. It does not look at other
deliveries and writes nothing.
"""
