"""The pages' templates and style."""
