"""`negotiation reference`: print a page of the documentation that is made from the code (hidden; writes the page)."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("reference", hidden=True)(reference)


def reference(
    python: Annotated[bool, typer.Option("--python", help="Print docs/api.md instead.")] = False,
) -> None:
    """Print docs/scenario-reference.md, or docs/api.md, as the code has it."""
    from negotiation.cli.messages import say

    if python:
        from negotiation.api.reference import api_reference

        say(api_reference(), end="")
        return
    from negotiation.trade.files.reference import scenario_reference

    say(scenario_reference(), end="")
