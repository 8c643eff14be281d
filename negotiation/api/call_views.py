"""What the requirements of a call, the game on it and its value say of themselves."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.api.views import Row, View
from negotiation.calls.agreement.requirements import Requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.calls.signalling.call_game import CallGame
from negotiation.calls.value.call_value import CallValue
from negotiation.errors import count_text
from negotiation.report.render.inline import plain as without_markup
from negotiation.report.sections.worth import worth_sentence
from negotiation.trade.parameters.labels import title


def _instruments(found: Requirements) -> Iterator[Row]:
    for item in found.alone:
        yield {
            "instrument": item.instrument.key,
            "now": item.instrument.present,
            "least": item.amount,
            "cap": item.instrument.cap,
            "unit": item.instrument.unit,
            "price": item.instrument.price,
            "permanent_reversion": item.closed_form,
            "meaning": item.instrument.label,
        }


def _call_game(found: CallGame) -> str:
    known = found.assumptions
    trust = "beliefs matter" if found.trust_is_needed else "the strategic type complies after every message"
    number = count_text(len(found.readings), "component")
    given = f"P(strategic) {known.prior:.2f} ({known.prior_source})"
    return f"{number} of equilibria of the call game at {given}; {trust}."


def _readings(found: CallGame) -> Iterator[Row]:
    for item in found.readings:
        yield {
            "equilibrium": item.sentence,
            "receiver_keeps": item.kept,
            "strategic_gets": item.strategic,
            "cooperator_gets": item.cooperator,
            "receiver_gets": item.receiver,
            "continuation_exact": item.valid,
        }


def _parties(found: CallValue) -> Iterator[Row]:
    for at, party in enumerate(found.parties):
        yield {
            "party": title(party),
            "over_no_call": float(found.ever[at]),
            "over_a_call_in_a_month": float(found.now[at]),
            "unit": found.unit,
            "wants": found.wants(at),
        }


VIEWS = {
    "Requirements": View(requirements_sentence, _instruments, ("instrument", "now", "least", "cap", "unit", "meaning")),
    "CallGame": View(_call_game, _readings),
    "CallValue": View(lambda found: without_markup(worth_sentence(found)), _parties),
}
