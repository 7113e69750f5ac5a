"""The report as Excel workbooks, byte for byte the same when nothing changed."""
