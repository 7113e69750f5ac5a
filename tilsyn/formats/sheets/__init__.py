"""Spreadsheet files: every cell of their parsed XML (the walk), held against calamine, in another process."""
