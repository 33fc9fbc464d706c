"""The golden copies: what the pack said, so that a refactoring cannot change it unseen."""
