"""What must the call deliver? The least package of pledges, payments, verification and patience that enforces the deal.

Each instrument alone (with its closed form where there is one), each pair, all together at the least cost under stated
prices; who vetoes what; and, where nothing within the caps is enough, which constraint blocks and by how much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from negotiation._values import Value
from negotiation.calls.agreement.by_regime import RegimeRequirement, regime_requirements
from negotiation.calls.agreement.instruments import (
    AUDIENCE,
    COMMITMENT,
    COMPENSATION,
    PATIENCE,
    SIDE,
    VERIFICATION,
    AgreementProblem,
    EnforcementTerms,
    Instrument,
    agreement_problem,
)
from negotiation.calls.agreement.packages import (
    LINEAR,
    Package,
    blocking_constraints,
    cheapest_package,
    feasible_package,
    least_by_halving,
    least_package,
    worst_package,
)
from negotiation.calls.closed_forms import reversion_discount
from negotiation.calls.enforcement import Enforcement, enforcement
from negotiation.calls.outcomes.outcome import every_regime
from negotiation.trade.game.build import build_pact
from negotiation.trade.scenario.scenario import Scenario

POINTS = 6
Progress = Callable[[str, str], None]


@dataclass(frozen=True, eq=False)
class SingleInstrument(Value):
    """One instrument by itself: the least `package`, None when its cap is not enough.

    closed_form: what permanent reversion needs on China's side (for the US commitment: on the US side); None where
    there is no formula. at_cap: what else blocks at its cap: row or cap -> by how much, by threat.
    """

    instrument: Instrument
    package: Package | None
    closed_form: float | None
    at_cap: tuple[tuple[str, str, float], ...]

    @property
    def amount(self) -> float | None:
        """The least amount, None when no amount up to the cap is enough."""
        return None if self.package is None else self.package.amount(self.instrument.key)


@dataclass(frozen=True, eq=False)
class InstrumentFrontier(Value):
    """The least amount of `second` for each amount of `first`; None where its cap is not enough."""

    first: str
    second: str
    points: tuple[tuple[float, float | None], ...]

    @property
    def possible(self) -> bool:
        """Whether some combination is enough."""
        return any(y is not None for _, y in self.points)


@dataclass(frozen=True, eq=False)
class Veto(Value):
    """The worst package that a side still accepts: what it gets, what war would give it, and what binds."""

    player: str
    value: float
    war: float
    package: Package


@dataclass(frozen=True, eq=False)
class Requirements(Value):
    """The answer. now: a package with nothing delivered, None where the deal does not enforce itself as things stand.

    call: label of the outcome whose selected rule is asked, "" without one. enforcement: by which rules the deal
    enforces itself as things stand, with compensation up to its cap. needs: the least of each instrument under each
    named simple regime. together: the cheapest package within the caps, None when there is none; then `block` says what
    stands in the way.
    """

    scenario: Scenario
    bench: AgreementProblem
    call: str
    enforcement: Enforcement
    now: Package | None
    alone: tuple[SingleInstrument, ...]
    pairs: tuple[InstrumentFrontier, ...]
    needs: tuple[RegimeRequirement, ...]
    together: Package | None
    vetoes: tuple[Veto, ...]
    block: tuple[tuple[str, str, float], ...]


def requirements(
    scenario: Scenario,
    caps: Mapping[str, float] | None = None,
    prices: Mapping[str, float] | None = None,
    progress: Progress | None = None,
    pairs: bool = True,
    after: str = "",
) -> Requirements:
    """Return what a call must deliver so that the deal enforces itself; `pairs`: also the frontiers of pairs.

    after: the call outcome whose selected rule is asked, the scenario's first if left out. Raises `InputError` for
    caps, prices and instruments that make no sense (see `agreement_problem`).
    """
    say = progress or _silent
    table = agreement_problem(scenario, caps, prices)
    now = feasible_package(table, table.present)
    alone = []
    for item in table.instruments:
        alone.append(_alone(table, item, now))
        say("alone", item.key)
    frontiers = []
    if pairs and now is None:
        for first, second in combinations(table.keys, 2):
            frontiers.append(instrument_frontier(table, first, second, alone))
            say("pairs", f"{first} and {second}")
    needs = regime_requirements(table)
    say("together", "")
    together = cheapest_package(table)
    asked = scenario.call(after) if after else next(iter(scenario.calls), None)
    return Requirements(
        scenario,
        table,
        "" if asked is None else asked.label,
        _enforcement(table, "" if asked is None else asked.regime),
        now,
        tuple(alone),
        tuple(frontiers),
        needs,
        together,
        _vetoes(table),
        () if together is not None else _sorted(blocking_constraints(table)),
    )


def _enforcement(table: AgreementProblem, asked: str) -> Enforcement:
    """Return by which rules the deal enforces itself; best sets of signals are tried only where nothing else holds."""
    pact = build_pact(table.scenario)
    cap = table.instrument(COMPENSATION).cap
    pact = pact.replace(pledges=pact.pledges.replace(compensation_cap=cap))
    found = enforcement(every_regime(table.scenario, pact, best_sets=False), asked, pact.discount)
    if any(rule.holds for rule in found.rules):
        return found
    return enforcement(every_regime(table.scenario, pact), asked, pact.discount)


def _silent(_stage: str, _piece: str) -> None:
    pass


def _alone(table: AgreementProblem, item: Instrument, now: Package | None) -> SingleInstrument:
    package = now if now is not None else least_package(table, item.key)
    terms = table.terms(table.present.get(VERIFICATION, 0.0), table.present[PATIENCE])
    at_cap: tuple[tuple[str, str, float], ...] = ()
    if package is None:
        at_cap = _sorted(blocking_constraints(table, {**table.present, item.key: item.cap}))
    return SingleInstrument(item, package, closed_form(item.key, terms), at_cap)


def closed_form(key: str, terms: EnforcementTerms) -> float | None:
    """Return what an instrument alone must be under permanent reversion, all pledges being zero; None without formula.

    With G = g / (q - p) and D = 1 - delta + delta p: a = (G D - delta L_1) / (1 - delta), z = G D / delta - L_1 and
    delta = g / (g + (q - p) L_1 - p g) on China's side, a_U = g_U - delta L_0 (1 - p) / D on the US side, and b = G.
    """
    known, d = terms.known, terms.delta
    p = known.low_if_deal
    if not math.isfinite(known.stake):
        return None
    scale = 1 - d + d * p
    formulas = {
        AUDIENCE: (known.stake * scale - d * known.column_war_loss) / (1 - d),
        SIDE: known.stake * scale / d - known.column_war_loss,
        COMMITMENT: known.row_gain - d * known.row_war_loss * (1 - p) / scale,
        COMPENSATION: known.stake,
    }
    if key == PATIENCE:
        return reversion_discount(known.temptation, known.column_war_loss, p, known.low_if_deviation)
    return max(0.0, formulas[key]) if key in formulas else None


def instrument_frontier(
    table: AgreementProblem, first: str, second: str, alone: list[SingleInstrument] | None = None
) -> InstrumentFrontier:
    """Return the least of one instrument for some amounts of another; searched ones are put on the first axis."""
    if first in LINEAR and second not in LINEAR:
        first, second = second, first
    item = table.instrument(first)
    enough = {found.instrument.key: found.amount for found in alone or ()}.get(first)
    top = item.cap if enough is None else enough
    points = []
    for x in np.linspace(item.present, top, POINTS):
        package = _least_given(table, second, {first: float(x)})
        points.append((float(x), None if package is None else package.amount(second)))
    return InstrumentFrontier(first, second, tuple(points))


def _least_given(table: AgreementProblem, key: str, others: Mapping[str, float]) -> Package | None:
    if key in LINEAR:
        return least_package(table, key, others)
    item, fixed = table.instrument(key), {**table.present, **others}
    if feasible_package(table, {**fixed, key: item.cap}) is None:
        return None  # the searched instruments only help: not enough at the cap is never enough
    return least_by_halving(item.present, item.cap, lambda x: feasible_package(table, {**fixed, key: x}))


def _vetoes(table: AgreementProblem) -> tuple[Veto, ...]:
    pact = table.pact({})
    found = []
    for player, name in enumerate(pact.stage.players):
        package = worst_package(table, player)
        if package is not None:
            war = float(pact.stage.payoffs[(player, *pact.war)] - pact.stage.payoffs[(player, *pact.deal)])
            found.append(Veto(name, package.values[player], war, package))
    return tuple(found)


def _sorted(found: Mapping[str, Mapping[str, float]]) -> tuple[tuple[str, str, float], ...]:
    return tuple((threat, name, by) for threat, rows in found.items() for name, by in rows.items())
