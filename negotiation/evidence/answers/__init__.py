"""What is said as of a date, and what goes into the game."""
