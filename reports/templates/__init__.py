"""The page's template and style, and the program that makes the Word template."""
