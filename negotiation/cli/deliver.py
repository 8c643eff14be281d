"""`negotiation deliver`: what the call must deliver so that the deal enforces itself, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from negotiation.calls.agreement.certificates import AgreementProof
    from negotiation.calls.agreement.requirements import Requirements

PANEL = "Answers"


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command("deliver", rich_help_panel=PANEL)(deliver)


def deliver(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a file.")] = "rollback-2025",
    caps: Annotated[
        list[str] | None,
        typer.Option("--cap", metavar="INSTRUMENT=VALUE", help="The most that can be delivered of an instrument."),
    ] = None,
    prices: Annotated[
        list[str] | None,
        typer.Option(
            "--price", metavar="INSTRUMENT=VALUE", help="What a unit of an instrument costs the two (judged)."
        ),
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change a number: =, += or *=.")
    ] = None,
    call: Annotated[
        str | None, typer.Option("--call", metavar="NAME", help="Start from what this call outcome changes.")
    ] = None,
    certify: Annotated[
        bool, typer.Option("--certify", help="Also prove what can be proven in any equilibrium (under a minute).")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what two instruments do together.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")] = False,
) -> None:
    """Say what the call must deliver. Example: negotiation deliver --set minerals.leverage=0.9 --cap side_payment=0."""
    from negotiation.calls.agreement.requirements import requirements
    from negotiation.cli.deliver_text import answer_text
    from negotiation.cli.messages import say
    from negotiation.cli.progress import progress
    from negotiation.cli.scenario_text import as_json_text
    from negotiation.cli.warm import compiling
    from negotiation.report.runs.results_call import delivery_data
    from negotiation.trade.files.load import load_scenario
    from negotiation.trade.parameters.changes import Change

    wanted = load_scenario(scenario).after([Change.parse(text) for text in changes or ()])
    if call is not None:
        wanted = wanted.after(wanted.call(call).changes)
    with compiling(("noisy",) if certify else ()), progress(quiet=as_json) as step:
        found = requirements(
            wanted, pairs_of("--cap", caps), pairs_of("--price", prices), step, pairs=not quick, after=call or ""
        )
        proven = _certified(found, step) if certify else None
    if as_json:
        say(as_json_text(delivery_data(found, proven)))
        return
    again = ["--set", changes[0]] if changes else []
    say(answer_text(found, proven, scenario, again))


def _certified(found: Requirements, step: Any) -> AgreementProof:
    from negotiation.calls.agreement.certificates import prove_requirements

    return prove_requirements(found.problem, found.together, step)


def pairs_of(option: str, texts: list[str] | None) -> dict[str, float]:
    """Return instrument=value pairs; raises `InputError` for one that is not written so."""
    from negotiation.errors import InputError

    found = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not sign or number != number:
            raise InputError.single(option, text, "is not a number for an instrument", "write verification=0.5")
        found[name.strip()] = number
    return found
