"""A module per command: what each does between the options and the tables."""
