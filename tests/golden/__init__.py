"""Golden copies of packs, with which a change of the code is compared."""
