"""Mappings: convert an export as it comes to the columns and codes of a contract.

`<home>/config/mappings/<extract>.yml` declares the conversion. declared.py reads that
file; checked.py compares it with the contract, the seeds and the delivered files;
applied.py applies it to the records that a reader has read.
"""
