"""The answer of `negotiation deliver` as text: one sentence, then tables that back it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negotiation.calls.agreement.certificates import AgreementProof
from negotiation.calls.agreement.requirements import InstrumentFrontier, Requirements
from negotiation.calls.agreement.text import (
    alone_words,
    binding_words,
    block_words,
    delivered_words,
    every_share_words,
    requirements_sentence,
)
from negotiation.calls.notices import notices
from negotiation.cli.messages import next_command, printable
from negotiation.report.text_table import table
from negotiation.trade.parameters.labels import title

NOTHING = "-"


def answer_text(found: Requirements, proven: AgreementProof | None, origin: str, again: Sequence[str] = ()) -> str:
    """Return the whole answer; `origin` is how the user named the scenario, `again` the options to repeat."""
    parts = [
        "\n".join([f"  {requirements_sentence(found)}", *(f"  notice   {text}" for text in notices(found.scenario))]),
        _alone(found),
        _regimes(found),
        *_pairs(found),
        _together(found),
        _vetoes(found),
        *([] if proven is None else [_proven(found, proven)]),
        "prices, and caps taken from plausible ranges, are judgement; change them with --price and --cap",
        next_command("run", origin, *again),
    ]
    return printable("\n\n".join(part for part in parts if part))


def _number(value: float | None, digits: int = 3) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"


def _alone(found: Requirements) -> str:
    rows = [
        (
            item.instrument.key,
            _number(item.instrument.present),
            _number(item.amount),
            _number(item.instrument.cap),
            _number(item.closed_form),
            alone_words(item, found.scenario) or item.instrument.label,
        )
        for item in found.alone
    ]
    head = ("one alone", "now", "least", "cap", "reversion", "why not, or what it is")
    note = (
        "least: with a response chosen by lottery; a named rule can need less (next table)\n"
        "reversion: what permanent reversion after a low month needs, in closed form (us_commitment: on the first side)"
    )
    return f"{table(head, rows)}\n{note}"


def _regimes(found: Requirements) -> str:
    keys = [key for key, _ in found.needs[0].amounts] if found.needs else []
    rows = [
        (need.label, "yes" if need.holds_now else "no", *(_number(amount) for _, amount in need.amounts))
        for need in found.needs
    ]
    return table(("least under each regime", "holds now", *keys), rows)


def _pairs(found: Requirements) -> Iterator[str]:
    # at its last point the first instrument is enough alone, or at its cap
    helpful = [pair for pair in found.pairs if any(y is not None for _, y in pair.points[:-1])]
    if helpful:
        rows = [(pair.first, pair.second, _points(pair)) for pair in helpful]
        yield table(("two together", "and the least", "first: second"), rows)


def _points(pair: InstrumentFrontier) -> str:
    return "  ".join(f"{x:.3f}: {_number(y)}" for x, y in pair.points)


def _together(found: Requirements) -> str:
    if found.together is None:
        why = block_words(found.scenario, found.block)
        return f"all together: nothing within the caps is enough for a response by lottery; {why}"
    package = found.together
    stake = f", after a low month {package.threat.label} worth {package.stake:.3f}" if package.stake > 1e-9 else ""
    binding = binding_words(found.scenario, package.binding)
    return (
        f"all together with a response by lottery, cheapest: {delivered_words(found.problem, package)}{stake}\n"
        f"  costs {package.cost:.4f} {found.scenario.unit}, burnt on the path and stated prices; what binds: {binding}"
        + (f"\n  {words[0].lower()}{words[1:-1]}" if (words := every_share_words(found)) else "")
    )


def _vetoes(found: Requirements) -> str:
    lines = []
    for veto in found.vetoes:
        binding = binding_words(found.scenario, veto.package.binding)
        lines.append(
            f"{title(veto.player)} accepts at worst {delivered_words(found.problem, veto.package)}: {veto.value:.3f} "
            f"{found.scenario.unit} (war {veto.punishment:.3f}); what binds: {binding}"
        )
    return "\n".join(lines)


def _proven(found: Requirements, proven: AgreementProof) -> str:
    lines = [
        f"in any equilibrium (first month): as things stand {proven.present.value}; "
        f"patience: {proven.least_patience.words()}"
    ]
    lines += [
        f"  {found.problem.instrument(item.instrument).label}: {item.words()}"
        for item in proven.instruments
        if item.no is not None
    ]
    if proven.package is not None:
        verdict = "checked exactly" if proven.package else "not confirmed exactly a hair above its edge"
        lines.append(f"the cheapest package's automaton, a hair richer: {verdict}")
    return "\n".join(lines)
