"""One call outcome analysed: the game after the call, every regime in it, and the regime that is then selected.

What a call changes (primitives) and which regime the players then agree on (selection) are kept apart, so that every
outcome can be read under every regime.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, plain
from negotiation.calls.enforcement import SAME_DISCOUNT, Enforcement, enforcement, spans_of
from negotiation.errors import InputError, nearest
from negotiation.games.automaton import Automaton
from negotiation.games.pact import Pact
from negotiation.solve.automata.pact_checks import flow_values, pact_shares
from negotiation.solve.certificates.every_share import EveryShareProof, every_share_proof
from negotiation.solve.regimes.analysis import (
    OWN,
    THRESHOLD,
    Regime,
    analyse_regimes,
    own_regime,
    standing_charges,
    written_crossings,
)
from negotiation.solve.regimes.kinds import punishment_automaton
from negotiation.trade.game.build import TradeGame, build_game
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.scenario.call_outcome import STAGE_NASH, CallOutcome
from negotiation.trade.scenario.scenario import Scenario


class Outcome(Result):
    """A call outcome with its game and every regime analysed in it.

    game: after the call's changes. regimes: every regime under the threshold trigger, under its best trigger set, and
    the user's own. real: (parties,) long-run economic value per month on the selected regime's path, transfers: (2,)
    money between the two players there, economic: (parties,) economic value from the start, discounted like the
    players' values; all in the scenario's unit.
    """

    call: CallOutcome
    game: TradeGame
    regimes: tuple[Regime, ...]
    real: Floats
    transfers: Floats
    economic: Floats

    @cached_property
    def selected(self) -> Regime:
        """The regime that the file says is selected after this call, under the threshold trigger."""
        return self.regime(self.call.regime)

    @cached_property
    def enforcement(self) -> Enforcement:
        """By which rules the deal enforces itself: the selected one, the others, the least demanding."""
        return enforcement(self.regimes, self.call.regime, self.discount)

    @cached_property
    def written_discount(self) -> float | None:
        """Least discount factor from which the selected regime holds on these terms; None where it does not hold."""
        if not self.holds:
            return None
        spans = spans_of(written_crossings(self.game.pact, self.selected))
        here = (low for low, high in spans if low - SAME_DISCOUNT <= self.discount <= high + SAME_DISCOUNT)
        return next(here, self.discount)

    @property
    def holds(self) -> bool:
        """Whether the deal enforces itself under the selected regime; never so under stage Nash."""
        return self.call.regime != STAGE_NASH and self.selected.holds

    @property
    def holds_against_every_share(self) -> bool | None:
        """Whether no unlisted share breaks it either; None where the game has no shares beside its actions."""
        return None if self.selected.share is None else self.holds and self.selected.holds_finely

    @cached_property
    def proof(self) -> EveryShareProof | None:
        """What is proven of every share; None unless the deal holds, any share may be chosen and bounds are known."""
        pact, regime = self.game.pact, self.selected
        if not (self.holds and pact.every_share and regime.trigger_rule != OWN):
            return None
        charges = standing_charges(pact, regime.automaton, pact.mask(regime.trigger), regime.payment)
        return every_share_proof(pact, regime.automaton, charges)

    @property
    def every_share(self) -> bool | None:
        """Whether the deal holds whatever share is withheld, proven where that can be; None for listed actions."""
        if not self.game.pact.every_share:
            return None
        return bool(self.holds_against_every_share) and (self.proof is None or self.proof.holds is True)

    @property
    def values(self) -> tuple[float, ...]:
        """Values of both players; where the selected regime does not hold, what is left is the punishment."""
        return self.selected.values if self.selected.holds else self.game.pact.stage.payoff(self.game.pact.punishment)

    @cached_property
    def path(self) -> Automaton:
        """What is played: the selected regime, or the punishment where it does not hold."""
        return self.selected.automaton if self.selected.holds else punishment_automaton(self.game.pact)

    @property
    def punished_share(self) -> float:
        """Long-run share of months in punishment; all of them where the selected regime does not hold."""
        return self.selected.punished_share if self.selected.holds else 1.0

    @property
    def terms(self) -> str:
        """The length or payment of the selected regime in words."""
        return self.selected.terms if self.selected.holds else "on no terms"

    @property
    def discount(self) -> float:
        """The discount factor at hand, after the call's changes."""
        return self.game.pact.discount

    @property
    def least_discount(self) -> float | None:
        """Least discount factor of the selected regime, its terms the best at each; after stage Nash, of the least
        demanding rule.
        """
        measured = self.enforcement.measured
        return None if measured is None else measured.least

    @property
    def joint(self) -> float:
        """Sum of the players' values."""
        return sum(self.values)

    @property
    def loss(self) -> float:
        """What the two together lose against the deal kept smoothly."""
        return sum(self.game.pact.stage.payoff(self.game.pact.deal)) - self.joint

    def verdict(self) -> dict[str, Any]:
        """Return what is said of the outcome in a line as plain data, as `negotiation run --json` prints it."""
        asked, measured, least = self.enforcement.asked, self.enforcement.measured, self.enforcement.least
        return {
            "holds": self.holds,
            "regime": self.selected.label,
            "terms": self.terms,
            "discount": self.discount,
            "asked": None if asked is None else asked.name,
            "least_discount": self.least_discount,
            "least_discount_of": None if measured is None else measured.name,
            "least_discount_as_written": self.written_discount,
            "other_rules_that_hold": [rule.plain() for rule in self.enforcement.others],
            "least_demanding": None if least is None else least.plain(),
            "values": list(self.values),
            "joint": self.joint,
            "punished_share": self.punished_share,
            "holds_against_every_share": self.holds_against_every_share,
            "every_share": self.every_share,
            "binding_share": self.selected.binding,
            "share": plain(self.selected.share),
        }

    def regime(self, key: str, rule: str = THRESHOLD) -> Regime:
        """Return a regime by key and trigger rule; raises `InputError` with the nearest key."""
        for regime in self.regimes:
            if regime.key == key and regime.trigger_rule in (rule, "own"):
                return regime
        keys = [regime.key for regime in self.regimes]
        raise InputError.single("call outcome", self.call.name, f"there is no regime '{key}'", nearest(key, keys))


def analyse_outcome(scenario: Scenario, call: CallOutcome, best_sets: bool = True) -> Outcome:
    """Return the analysis of one call outcome of a scenario, with the best trigger sets unless they are left out."""
    game = build_game(scenario.after(call.changes))
    pact, pledges = game.pact, game.pact.pledges
    regimes = every_regime(scenario, pact, best_sets)
    outcome = Outcome(call, game, regimes, real=np.empty(0), transfers=np.empty(0), economic=np.empty(0))
    rows, columns = outcome.path.actions.T
    shares = pact_shares(pact, outcome.path)
    side = compensation = 0.0
    if outcome.selected.holds:
        compensation = outcome.selected.payment * outcome.selected.low_if_deal
    if outcome.holds:
        side = pledges.side_payment * float(shares[(rows == pact.deal[0]) & (columns == pact.deal[1])].sum())
    money = [pledges.compensation_efficiency * compensation - side, side - compensation]
    flows = game.real[:, rows, columns]
    economic = flow_values(pact, outcome.path, np.stack([flows.T] * 2), pact.discount)[0]
    return outcome.replace(real=flows @ shares, transfers=np.array(money), economic=economic)


def every_regime(scenario: Scenario, pact: Pact, best_sets: bool = True) -> tuple[Regime, ...]:
    """Return every regime in a pact of the scenario, then the user's own."""
    users = [own_regime(pact, spec.name, spec.label, compile_automaton(spec, pact)) for spec in scenario.regimes]
    return (*analyse_regimes(pact, best_sets), *users)


def analyse_outcomes(
    scenario: Scenario,
    names: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
    best_sets: bool = True,
) -> tuple[Outcome, ...]:
    """Return the analyses of the scenario's call outcomes, all or those named, in scenario order.

    progress: called with the name of each outcome once it is solved. Raises `InputError` for an unknown name.
    """
    wanted = {scenario.call(name).name for name in names}
    outcomes = []
    for call in scenario.calls:
        if not wanted or call.name in wanted:
            outcomes.append(analyse_outcome(scenario, call, best_sets))
            if progress is not None:
                progress(call.name)
    return tuple(outcomes)
