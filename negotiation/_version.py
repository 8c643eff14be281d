"""The version, in a module of its own: rooms that record it need not import the front door."""

__version__ = "0.1.0"
