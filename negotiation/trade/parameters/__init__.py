"""A number with its source and domain, the registry of all of them, the rules between them, and changes."""
