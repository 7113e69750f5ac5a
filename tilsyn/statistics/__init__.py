"""Levels, intervals, changes, agreement, trends, two phases: on arrays and data frames, free of files."""
