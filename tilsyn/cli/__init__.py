"""The command line: one module per command, each load, compute, save, show."""
