"""The compliance table: from reviewed cases to percentages, changes, verdicts and explanations."""
