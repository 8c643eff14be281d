"""From the world to a game: scenario files, changes, the tariff and mineral economics. Knows no solver."""

MAIN_SCENARIO = "rollback-2025"
