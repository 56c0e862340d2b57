"""What a sweep says: curves, sensitivities, the price of a target, fronts, checks, and its page."""
