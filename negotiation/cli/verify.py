"""`negotiation verify RESULT`: check every certificate in a result, exactly, and the digests of a result folder."""

import json
from pathlib import Path
from typing import Annotated

import typer

from negotiation.cli.messages import say
from negotiation.cli.options import AsJson


def verify(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A result folder, a results.json, or the output of solve --json.")
    ],
    again: Annotated[
        bool, typer.Option("--again", help="Also run the command that a folder records once more, and compare files.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the certificates in a result in exact arithmetic, and what is printed beside each, against it.

    The code shares nothing with the solvers. Ends with 1 when a claim is false (or a file is not as recorded), with 2
    when the result cannot be read or holds no certificate. A regime that is reported as no equilibrium, and is none, is
    a true claim.
    """
    from negotiation.api.verification import require_certificates, verification

    checked = verification(result, again)
    if as_json:
        say(json.dumps({"holds": checked.holds, "certificates": checked.rows()}, sort_keys=True))
    elif checked.lines:
        say("\n".join(checked.lines))
    require_certificates(checked)
    if not checked.holds:
        raise typer.Exit(1)
