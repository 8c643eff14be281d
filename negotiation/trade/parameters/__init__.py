"""A number with source and domain, the registry, rules, changes."""
