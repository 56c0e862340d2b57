"""The answer: tables, costs, audit, summary, and the folder they are written to."""
