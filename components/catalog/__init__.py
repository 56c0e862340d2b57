"""The figures of what can be bought; every one with its source, date and confidence."""
