"""Rules: dates and numbers in, dates and numbers out. Standard library only."""
