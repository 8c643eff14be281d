"""Every call outcome side by side: the one value that the report is written from.

`compare_calls(scenario)` runs scenario -> outcomes -> comparison; nothing here is drawn or printed.
"""

from collections.abc import Callable, Iterable

from negotiation._results import Result
from negotiation._values import Value
from negotiation.calls.outcomes.decomposition import (
    Decomposition,
    DelayDamage,
    common_value,
    decompose,
    delay_damage,
    truce_worth,
)
from negotiation.calls.outcomes.false_accusations import FalseAccusations, false_accusations
from negotiation.calls.outcomes.outcome import Outcome, analyse_outcomes
from negotiation.calls.outcomes.trigger_clause import trigger_clause
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import BEST_SET
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.regimes.pact_arrays import pact_arrays
from negotiation.solve.regimes.search import least_discount
from negotiation.trade.scenario.scenario import Scenario

CHANCES = (0.0, 0.1, 0.25, 0.5)  # that a call restores the pact, a month


class RenegotiationEffect(Value):
    """Least discount factor of one regime for each of `CHANCES` that a call restores the pact; None where it fails."""

    regime: str
    label: str
    least_discounts: tuple[float | None, ...]


class ComparedOutcome(Value, kw_only=True):
    """One call outcome with everything that is said of it.

    accusations: for the threshold trigger, then for the best set of the selected regime where there is one. common:
    both players' values at the common discount; truce: their present value over the punishment for ever.
    """

    outcome: Outcome
    decomposition: Decomposition
    common: tuple[float, ...]
    truce: tuple[float, ...]
    renegotiation: tuple[RenegotiationEffect, ...]
    accusations: tuple[FalseAccusations, ...]
    clause: str
    delays: DelayDamage | None

    @property
    def name(self) -> str:
        """Key of the call outcome."""
        return self.outcome.call.name


class Comparison(Result):
    """Call outcomes of a scenario, in scenario order; gains are over the scenario's first outcome."""

    scenario: Scenario
    calls: tuple[ComparedOutcome, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The analysed outcomes alone."""
        return tuple(row.outcome for row in self.calls)

    def row(self, name: str) -> ComparedOutcome:
        """Return the row of a call outcome by name; raises `InputError` with the nearest name."""
        call = self.scenario.call(name)
        return next(row for row in self.calls if row.name == call.name)


def compare_calls(
    scenario: Scenario, names: Iterable[str] = (), progress: Callable[[str], None] | None = None
) -> Comparison:
    """Return the comparison of the scenario's call outcomes (all, or those named; the reference is always the first).

    progress: called with the name of each outcome once it is solved.
    """
    wanted = tuple(names)
    if not scenario.calls:
        raise InputError.single(scenario.name, "calls", "names no call outcome", "give it at least one")
    first = scenario.calls[0].name
    # against any pair of shares the search over trigger sets takes twenty seconds
    best_sets = not scenario.any_pair_of_shares
    outcomes = analyse_outcomes(scenario, (*wanted, first) if wanted else (), progress, best_sets)
    rows = tuple(_row(outcomes[0], outcome) for outcome in outcomes if not wanted or outcome.call.name in wanted)
    return Comparison(scenario, rows)


def _row(reference: Outcome, outcome: Outcome) -> ComparedOutcome:
    pact = outcome.game.pact
    triggers = [pact.trigger]
    best = [r for r in outcome.regimes if r.key == outcome.call.regime and r.trigger_rule == BEST_SET]
    triggers += [r.trigger for r in best if r.trigger not in triggers]
    return ComparedOutcome(
        outcome=outcome,
        decomposition=decompose(reference, outcome),
        common=common_value(outcome),
        truce=truce_worth(outcome),
        renegotiation=renegotiation_effects(outcome),
        accusations=tuple(false_accusations(pact, trigger) for trigger in triggers),
        clause=trigger_clause(outcome, outcome.selected),
        delays=delay_damage(reference, outcome),
    )


def renegotiation_effects(outcome: Outcome) -> tuple[RenegotiationEffect, ...]:
    """Return the effect of renegotiation on every trigger or payment regime of an outcome, threshold trigger.

    A call that restores the pact during a response or the punishment raises the value after a breach, so the stake
    shrinks and more patience is needed (Klimenko, Ramey, Watson 2008).
    """
    pact = outcome.game.pact
    arrays = pact_arrays(pact, pact.mask(pact.trigger)[None, :])
    return tuple(
        RenegotiationEffect(
            kind.key,
            kind.label,
            (
                outcome.regime(kind.key).least_discount,
                *(least_discount(arrays, kind, restore=chance) for chance in CHANCES[1:]),
            ),
        )
        for kind in regime_kinds(pact)
        if kind.form != "punishment"
    )
