"""Golden copies of packs, so that a refactoring cannot change them unseen."""
