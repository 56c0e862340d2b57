"""Compute in orbit: satellites that power and cool racks, and racks that nobody repairs."""
