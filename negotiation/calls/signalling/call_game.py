"""The call as a game of incomplete information (docs/call.md): what China says, what the US does and comes to believe.

Payoffs are values of the repeated game after each pair (`continuation_values`). They are the right ones where the call
reveals the type, or where both types license afterwards; elsewhere the US would go on learning from shipments.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import field
from fractions import Fraction

from negotiation._results import Result
from negotiation._values import Floats, Value
from negotiation.calls.closed_forms import pledge_thresholds
from negotiation.calls.signalling.continuation_values import (
    TRIGGER_FORM,
    ContinuationValues,
    Cooperator,
    continuation_values,
)
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.games.signalling import SignallingGame, exact
from negotiation.solve.regimes.kinds import regime_kinds
from negotiation.solve.signalling.beliefs import best_reply_complex, names
from negotiation.solve.signalling.equilibria import (
    Behaviour,
    Component,
    perfect_bayesian_equilibria,
    receiver_payoff,
    sender_payoffs,
)
from negotiation.solve.signalling.intuitive_criterion import Intuitive, intuitive_criterion
from negotiation.solve.signalling.text import component_sentence

STRATEGIC, COOPERATOR = "strategic", "co-operator"
SILENCE, ASSURANCE = "silence", "assurance"
KEEP, HEDGE, SNAP_BACK = "keep", "hedge", "snap back"
REPLIES = (KEEP, HEDGE, SNAP_BACK)
DEFAULT_REGIME = "mutual_reversion"


class CallAssumptions(Value):
    """What the call game assumes beside the pact.

    prior: mu, P(strategic), and prior_source: where it is from. pledges: sizes of the pledges that China may make, in
    the unit per low month; none given: the least that ties hands. cooperator: its payoffs. regime: key of the trigger
    regime that is in force while the US keeps; "": mutual reversion, or the pact's first trigger regime.
    """

    prior: float = 0.5
    prior_source: str = "judgement"
    pledges: tuple[float, ...] = ()
    cooperator: Cooperator = field(default_factory=Cooperator)
    regime: str = ""

    def _check(self) -> None:
        if not 0 <= self.prior <= 1:
            text = f"{self.prior:g} is no probability: it must lie between 0 and 1"
            raise InputError.single("call game", "prior", text)
        for size in self.pledges:
            if not (math.isfinite(size) and size > 0):
                raise InputError.single("call game", "pledges", f"a pledge must be above 0, got {size:g}")


class CallEquilibria(Value, kw_only=True):
    """One component of equilibria, read: its sentence, the intuitive criterion's verdict, and how far to trust it.

    valid: whether the continuation values are the right ones (the call reveals the type, or the strategic type complies
    after every message that both send and the US answers by keeping). strategic, cooperator, receiver: ranges of the
    values over the component. keeping: range of the probability that the US keeps.
    """

    component: Component
    sentence: str
    intuitive: Intuitive
    valid: bool
    strategic: tuple[float, float]
    cooperator: tuple[float, float]
    receiver: tuple[float, float]
    keeping: tuple[float, float] = field(metadata={"key": "kept"})


class CallGame(Result, kw_only=True):
    """The solved call game.

    after: the values after each message, in the order of the messages. empty_threats: replies that are best to no
    belief after any message. trust: the largest P(strategic) at which keeping is a best reply, for each message.
    """

    assumptions: CallAssumptions
    game: SignallingGame
    after: tuple[ContinuationValues, ...]
    readings: tuple[CallEquilibria, ...]
    empty_threats: tuple[str, ...]
    trust: tuple[float, ...]

    @property
    def trust_is_needed(self) -> bool:
        """Whether the strategic type would break the deal after some message, so that beliefs matter."""
        return not all(values.complies for values in self.after)


def call_game(pact: Pact, assumptions: CallAssumptions | None = None) -> CallGame:
    """Return the call game of a pact with all its perfect Bayesian equilibria."""
    settings = assumptions or CallAssumptions()
    keys = [kind.key for kind in regime_kinds(pact) if kind.form == TRIGGER_FORM]
    regime = settings.regime or (DEFAULT_REGIME if DEFAULT_REGIME in keys else keys[0])
    tie = pledge_thresholds(pact).tie
    sizes = settings.pledges or ((tie,) if 0 < tie < math.inf else (1.0,))
    staked = (0.0, 0.0, *sizes)
    distinct = {size: continuation_values(pact, regime, size, settings.cooperator) for size in dict.fromkeys(staked)}
    after = tuple(distinct[size] for size in staked)
    types = [(STRATEGIC, settings.prior, 0), (COOPERATOR, 1 - settings.prior, 1)]
    present = [(name, chance, row) for name, chance, row in types if chance > 0]
    first = Fraction(repr(present[0][1]))
    game = SignallingGame(
        types=tuple(name for name, _, _ in present),
        messages=(SILENCE, ASSURANCE, *(f"pledge {size:.3g}" for size in sizes)),
        responses=REPLIES,
        prior=(first, 1 - first) if len(present) == 2 else (Fraction(1),),
        sender=tuple(_decimals(values.sender[row] for values in after) for _, _, row in present),
        receiver=tuple(_decimals(values.receiver[row] for values in after) for _, _, row in present),
    )
    readings = tuple(_reading(component, after) for component in perfect_bayesian_equilibria(game))
    everyone, best = (1 << len(game.types)) - 1, 0
    for message in range(len(game.messages)):
        best |= best_reply_complex(game, message).ever_best(everyone)
    return CallGame(
        assumptions=settings,
        game=game,
        after=after,
        readings=readings,
        empty_threats=tuple(name for name in REPLIES if name not in names(best, REPLIES)),
        trust=tuple(trust_after(values) for values in after),
    )


def _decimals(rows: Iterable[Floats]) -> tuple[tuple[Fraction, ...], ...]:
    """Return values as the shortest decimals that they stand for, so that equal numbers tie."""
    return tuple(tuple(exact(float(value)) for value in row) for row in rows)


def trust_after(after: ContinuationValues) -> float:
    """Return the largest P(strategic) at which keeping is best after one message; -1 where it never is.

    With values V: mu* = (V(keep | co-operator) - V(other)) / (V(keep | co-operator) - V(keep | strategic)), the patient
    limit's 1 - f / D with continuation values in the place of one month's payoffs.
    """
    strategic, friend = after.receiver[:, 0]
    other = after.receiver[0, 1:].max()
    if friend < other:
        return -1.0
    return 1.0 if strategic >= other else float((friend - other) / (friend - strategic))


def _reading(component: Component, after: Sequence[ContinuationValues]) -> CallEquilibria:
    game, points = component.game, tuple(component.extremes)
    by_type = dict(zip(game.types, zip(*(sender_payoffs(game, *point) for point in points), strict=True), strict=True))
    keep = 1 << game.responses.index(KEEP)
    valid = all(
        values.complies or types & (types - 1) == 0 or not replies & keep
        for values, types, replies in zip(after, component.sent, component.replies, strict=True)
    )
    return CallEquilibria(
        component=component,
        sentence=component_sentence(component),
        intuitive=intuitive_criterion(component),
        valid=valid,
        strategic=_range(by_type.get(STRATEGIC, [math.nan])),
        cooperator=_range(by_type.get(COOPERATOR, [math.nan])),
        receiver=_range([receiver_payoff(game, *point) for point in points]),
        keeping=_range([chance_of(game, *point, KEEP) for point in points]),
    )


def chance_of(game: SignallingGame, sender: Behaviour, receiver: Behaviour, reply: str) -> Fraction:
    """Return the probability that the receiver ends up with a reply."""
    a = game.responses.index(reply)
    by_type = (sum(said * answers[a] for said, answers in zip(row, receiver, strict=True)) for row in sender)
    return sum((chance * keeping for chance, keeping in zip(game.prior, by_type, strict=True)), Fraction(0))


def _range(values: Sequence[Fraction | float]) -> tuple[float, float]:
    return float(min(values)), float(max(values))
