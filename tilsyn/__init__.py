"""tilsyn: management-oversight sampling and audit of casework.

The folder reads like the procedure: frame, allocation, selection, checklists, reviews, estimation,
intervals, comparison, agreement, trend, reports. Those modules are pure: tables and numbers in, tables and
numbers out. `base` holds what they stand on, `shell` reads and writes files, `cli` is the command line.
"""

__version__ = "0.1.0"
