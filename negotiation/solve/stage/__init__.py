"""Static game: all Nash equilibria, minmax, dominance."""
