"""The command line: `negotiation run`, `check`, `show`, `compare`, `list`, `new`, `report`."""
