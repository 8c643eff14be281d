"""TOML in, TOML out, reference page (was file_*)."""
