"""Registers of any kind as one table in memory, with the mapped columns only."""
