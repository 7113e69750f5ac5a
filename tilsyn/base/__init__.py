"""What every other module stands on: words, periods, problems, numbers."""
