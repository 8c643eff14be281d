"""Largest discounted share of periods in which a profile is played, bounded from both sides."""
