"""The report as plain sheets, internal and public."""
