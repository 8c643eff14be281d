"""The door: solve(game), solve_many(games)."""
