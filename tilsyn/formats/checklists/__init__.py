"""Checklists as workbooks: written with openpyxl, read with calamine."""
