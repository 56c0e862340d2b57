"""Two or more runs beside each other, and everything of a run or sweep as Excel or CSV."""
