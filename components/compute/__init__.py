"""Compute: racks and what they serve."""
