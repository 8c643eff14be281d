"""`negotiation deliver`: what the call must deliver so that the deal enforces itself, on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from negotiation.cli.blocks import block_text
from negotiation.cli.messages import next_command, say
from negotiation.cli.options import AsJson, Changes, Named
from negotiation.cli.scenarios import say_json
from negotiation.report.document import Block, Paragraph, literal
from negotiation.trade import MAIN_SCENARIO

if TYPE_CHECKING:
    from negotiation.calls.agreement.certificates import AgreementProof
    from negotiation.calls.agreement.requirements import Requirements


def deliver(
    scenario: Named = MAIN_SCENARIO,
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
    changes: Changes = None,
    call: Annotated[
        str | None, typer.Option("--call", metavar="NAME", help="Start from what this call outcome changes.")
    ] = None,
    certify: Annotated[
        bool, typer.Option("--certify", help="Also prove what can be proven in any equilibrium (under a minute).")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what two instruments do together.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what the call must deliver. Example: negotiation deliver --set minerals.leverage=0.9 --cap side_payment=0."""
    from negotiation.api.arguments import amounts_of
    from negotiation.calls.agreement.certificates import prove_requirements
    from negotiation.calls.agreement.requirements import requirements
    from negotiation.cli.waiting import compiling, progress
    from negotiation.report.runs.results_call import delivery_data
    from negotiation.trade.files.load import load_scenario

    wanted = load_scenario(scenario).after(changes or ())
    if call is not None:
        wanted = wanted.after(wanted.call(call).changes)
    most, costs = amounts_of("--cap", caps), amounts_of("--price", prices)
    with compiling(("noisy",) if certify else ()), progress(quiet=as_json) as step:
        needed = requirements(wanted, most, costs, step, pairs=not quick, after=call or "")
        proof = prove_requirements(needed.problem, needed.together, step) if certify else None
    if as_json:
        say_json(delivery_data(needed, proof))
        return
    say(deliver_text(needed, proof))
    say("\n" + next_command("run", scenario, *(["--set", changes[0]] if changes else [])))


def deliver_text(needed: Requirements, proof: AgreementProof | None = None) -> str:
    """Return the answer for the terminal: the blocks of the page, and what was proven."""
    from negotiation.calls.notices import notices
    from negotiation.report.sections.deliver import deliver_section

    remarks = [Paragraph(f"notice: {literal(text)}") for text in notices(needed.scenario)]
    answer, *tables = deliver_section(needed).blocks
    return block_text([answer, *remarks, *tables, *([] if proof is None else _proven(needed, proof))])


def _proven(needed: Requirements, proof: AgreementProof) -> Iterator[Block]:
    words = f"as things stand {proof.present.value}; patience: {proof.least_patience.words()}"
    yield Paragraph(literal(f"In any equilibrium (first month): {words}"))
    for bounds in proof.instruments:
        if bounds.no is not None:
            yield Paragraph(literal(f"{needed.problem.instruments[bounds.instrument].label}: {bounds.words()}"))
    if proof.package is not None:
        verdict = "checked exactly" if proof.package else "not confirmed exactly a hair above its edge"
        yield Paragraph(f"The cheapest package's automaton, a hair richer: {verdict}")
