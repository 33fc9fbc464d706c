"""An export as it comes → the columns, forms and codes of a contract.

`<home>/config/mappings/<extract>.yml` says how (declared.py reads it, checked.py holds
it against the contract, the seeds and the delivered files). It is applied to what a
reader has read (applied.py), before anything else sees the lines.
"""
