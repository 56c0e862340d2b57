"""Cooling: what a type costs, what it can carry, and what it draws hour by hour."""
