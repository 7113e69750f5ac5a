"""Bytes to rows and back: files, CSV, spreadsheets, registers, checklists, reports."""
