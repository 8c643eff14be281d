"""`negotiation verify RESULT`: check every certificate in a result, exactly, and the digests of a result folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

PANEL = "Answers"


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("verify", rich_help_panel=PANEL)(verify)


def verify(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A result folder, a results.json, or the output of solve --json.")
    ],
    again: Annotated[
        bool, typer.Option("--again", help="Also run the command that a folder records once more, and compare files.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> None:
    """Check the certificates in a result in exact arithmetic, and what is printed beside each, against it.

    The code shares nothing with the solvers. Ends with 1 when a claim is false (or a file is not as recorded), with 2
    when the result cannot be read or holds no certificate. A regime that is reported as no equilibrium, and is none, is
    a true claim.
    """
    from negotiation.api.verification import require_certificates, verification
    from negotiation.cli.messages import say

    found = verification(result, again)
    if as_json:
        say(json.dumps({"holds": found.holds, "certificates": found.rows()}, sort_keys=True))
    elif found.lines:
        say("\n".join(found.lines))
    require_certificates(found)
    if not found.holds:
        raise typer.Exit(1)
