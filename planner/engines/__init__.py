"""Engines: ways to solve the formulation. Each gives the same answer in its own time."""
