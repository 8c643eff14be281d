"""Plane geometry in doubles: hull, Pareto frontier."""
