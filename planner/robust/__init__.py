"""Robust plans: first decisions that weighted scenarios share, and what knowing is worth."""
