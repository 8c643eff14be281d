"""`negotiation reference`: print the scenario reference of the documentation (hidden; used to write the page)."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("reference", hidden=True)(reference)


def reference() -> None:
    """Print docs/scenario-reference.md as the code has it."""
    from negotiation.cli.messages import say
    from negotiation.trade.files.reference import scenario_reference

    say(scenario_reference(), end="")
