"""The command line: `negotiation run`, `check`, `show`, `compare`, `list`, `new`, `report`."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the exit code says how it went (0 done, 1 a check failed, 2 bad input, 130 interrupted)."""
    from negotiation.cli.app import app

    app()
