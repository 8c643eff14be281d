"""All perfect Bayesian equilibria of a finite sender-receiver game, exact, as a finite list of components.

Symbols: n types t, m messages s, k responses a; sigma(s | t) the sender's behaviour, rho(a | s) the receiver's. A
support pattern says for each message which types may send it and which replies may follow; given the pattern, the
sender's polytope (every allowed reply best to the belief it leads to) and the receiver's (every allowed message best
for the type that may send it) are independent. The equilibria are the union of the products over the faces of the
receiver's best-reply complex (`beliefs`); a message that nobody sends may be followed by any replies that are best
together to SOME belief. In these games (two stages, every type possible) these are also the sequential equilibria
(Fudenberg, Tirole 1991; Kreps, Wilson 1982; docs/decisions/0040).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import or_

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.games.signalling import SignallingGame
from negotiation.solve.exact.double_description import ConeCondition, extreme_rays
from negotiation.solve.exact.rationals import coprime_integers
from negotiation.solve.signalling.beliefs import Bits, Complex, Face, best_reply_complex

Behaviour = tuple[tuple[Fraction, ...], ...]
Patterns = Iterator[tuple["_Option", ...]]
MOST_PATTERNS = 2_000_000  # that are looked through; doubled, the largest games take twice as long
SEPARATING, POOLING, PARTIAL = "separating", "pooling", "partially pooling"


class Component(Value):
    """A product of polytopes of equilibria: every mixture of `senders` with every mixture of `receivers` is one.

    senders: vertices, each (n, m) chances of messages by type. receivers: vertices, each (m, k) chances of responses by
    message. sent: for each message the types (bits) that send it somewhere in the component; replies: for each message
    the responses (bits) used somewhere in it.
    """

    game: SignallingGame
    senders: tuple[Behaviour, ...]
    receivers: tuple[Behaviour, ...]
    sent: tuple[Bits, ...]
    replies: tuple[Bits, ...]

    @property
    def extremes(self) -> Iterator[tuple[Behaviour, Behaviour]]:
        """Yield every pair of a sender's and a receiver's vertex."""
        yield from product(self.senders, self.receivers)

    @property
    def middle(self) -> tuple[Behaviour, Behaviour]:
        """A point inside the component: the mean of the vertices of either side."""
        return _mean(self.senders), _mean(self.receivers)

    @property
    def kind(self) -> str:
        """Separating, pooling or partially pooling, almost everywhere in the component (an edge may differ)."""
        if all(kind_of(sender) == POOLING for sender in self.senders):
            return POOLING
        return SEPARATING if all(types & (types - 1) == 0 for types in self.sent) else PARTIAL


def kind_of(sender: Behaviour) -> str:
    """Return the name of a sender's behaviour: does a message tell the types apart, always, never or at times?

    Pooling is any behaviour that tells nothing: all types speak alike, though perhaps at random.
    """
    shared = [sum(1 for chances in sender if chances[s]) for s in range(len(sender[0]))]
    if len(sender) == 1 or all(chances == sender[0] for chances in sender):
        return POOLING
    return SEPARATING if max(shared) == 1 else PARTIAL


def sender_payoffs(game: SignallingGame, sender: Behaviour, receiver: Behaviour) -> tuple[Fraction, ...]:
    """Return each type's expected payoff (n,)."""
    return tuple(
        sum((chance * reply_value(game, t, s, receiver[s]) for s, chance in enumerate(row) if chance), Fraction(0))
        for t, row in enumerate(sender)
    )


def reply_value(game: SignallingGame, kind: int, message: int, replies: Sequence[Fraction]) -> Fraction:
    """Return what a type gets from a message that is answered by a mix of replies (k,)."""
    pairs = zip(replies, game.sender[kind][message], strict=True)
    return sum((chance * worth for chance, worth in pairs if chance), Fraction(0))


def receiver_payoff(game: SignallingGame, sender: Behaviour, receiver: Behaviour) -> Fraction:
    """Return the receiver's expected payoff."""
    n, m, k = game.shape
    return sum(
        (
            game.prior[t] * sender[t][s] * receiver[s][a] * game.receiver[t][s][a]
            for t, s, a in product(range(n), range(m), range(k))
            if sender[t][s] and receiver[s][a]
        ),
        Fraction(0),
    )


def belief_after(game: SignallingGame, sender: Behaviour, message: int) -> tuple[Fraction, ...] | None:
    """Return the receiver's belief (n,) after a message by Bayes' rule; None where nobody sends it."""
    weights = [chance * rates[message] for chance, rates in zip(game.prior, sender, strict=True)]
    total = sum(weights)
    return tuple(weight / total for weight in weights) if total else None


def perfect_bayesian_equilibria(game: SignallingGame) -> tuple[Component, ...]:
    """Return all perfect Bayesian equilibria: the components cover them, and none lies within another.

    There is always at least one. Raises `InputError` for a game with more support patterns than can be looked through.
    """
    complexes = [best_reply_complex(game, s) for s in range(game.shape[1])]
    options = [_options(game, s, cells) for s, cells in enumerate(complexes)]
    patterns = math.prod(map(len, options))
    if patterns > MOST_PATTERNS:
        raise InputError.single("signalling game", "size", f"{patterns} support patterns, at most {MOST_PATTERNS}")
    maximal: list[_Labelled] = []
    for pattern in _consistent(game, options):
        receivers = _receivers(game, pattern)
        senders = _senders(game, pattern) if receivers else []
        if not senders:
            continue
        candidate = _labelled(game, pattern, senders, receivers)
        if not any(candidate.within(other) for other in maximal):
            maximal = [other for other in maximal if not other.within(candidate)] + [candidate]
    return tuple(labelled.component for labelled in maximal)


@dataclass(frozen=True)
class _Option:
    """One choice for a message: types that may send it, replies that may follow, corners of the beliefs, bounds."""

    types: Bits
    replies: Bits
    corners: tuple[tuple[Fraction, ...], ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]


def _options(game: SignallingGame, message: int, cells: Complex) -> list[_Option]:
    unsent = [Face(0, replies, ()) for replies in cells.largest]
    options = []
    for face in (*unsent, *cells.faces):
        worth = [[game.sender[t][message][a] for a in _members(face.replies)] for t in range(len(game.types))]
        low, high = tuple(min(row) for row in worth), tuple(max(row) for row in worth)
        options.append(_Option(face.types, face.replies, face.corners, low, high))
    return options


def _members(bits: Bits) -> list[int]:
    return [k for k in range(bits.bit_length()) if bits >> k & 1]


def _consistent(game: SignallingGame, options: Sequence[Sequence[_Option]]) -> Patterns:
    """Yield a choice for each message in which every type speaks and no type obviously prefers another message."""
    everyone = (1 << len(game.types)) - 1

    def extend(chosen: tuple[_Option, ...], floor: tuple[Fraction, ...] | None, cap: dict[int, Fraction]) -> Patterns:
        if len(chosen) == len(options):
            if reduce(or_, (option.types for option in chosen)) == everyone:
                yield chosen
            return
        for option in options[len(chosen)]:
            # a type gets at least the worst allowed reply to every message, at most the best one to those it sends
            least = option.low if floor is None else tuple(map(max, floor, option.low))
            most = dict(cap)
            for t in _members(option.types):
                most[t] = min(most.get(t, option.high[t]), option.high[t])
            if all(least[t] <= top for t, top in most.items()):
                yield from extend((*chosen, option), least, most)

    yield from extend((), None, {})


def _receivers(game: SignallingGame, pattern: Sequence[_Option]) -> list[Behaviour]:
    """Return the vertices of the receiver's polytope: allowed replies that make every allowed message best."""
    places = [(s, a) for s, option in enumerate(pattern) for a in _members(option.replies)]
    rows = [
        ConeCondition(tuple((message == 0) - (message == s) for message, _ in places), True)
        for s in range(1, len(pattern))
    ]
    for t in range(len(game.types)):
        home = next(s for s, option in enumerate(pattern) if option.types >> t & 1)
        worth = coprime_integers([game.sender[t][s][a] for s, a in places])
        for s, option in enumerate(pattern):
            if s != home:
                signs = [(message == home) - (message == s) for message, _ in places]
                coefficients = tuple(sign * value for sign, value in zip(signs, worth, strict=True))
                rows.append(ConeCondition(coefficients, bool(option.types >> t & 1)))
    rays = extreme_rays(len(places), rows)
    return [_behaviour(places, ray, len(pattern), len(game.responses)) for ray, _ in rays]


def _behaviour(places: Sequence[tuple[int, int]], ray: Sequence[int], rows: int, columns: int) -> Behaviour:
    total = sum(weight for (s, _), weight in zip(places, ray, strict=True) if s == 0)
    table = [[Fraction(0)] * columns for _ in range(rows)]
    for (s, a), weight in zip(places, ray, strict=True):
        table[s][a] = Fraction(weight, total)
    return tuple(tuple(row) for row in table)


def _senders(game: SignallingGame, pattern: Sequence[_Option]) -> list[Behaviour]:
    """Return the vertices of the sender's polytope: weights on the corners of each message's beliefs, made whole."""
    places = [(s, corner) for s, option in enumerate(pattern) for corner in option.corners]
    rows = [
        ConeCondition(coprime_integers([*(corner[t] for _, corner in places), -chance]), True)
        for t, chance in enumerate(game.prior)
    ]
    behaviours = []
    for ray, _ in extreme_rays(len(places) + 1, rows):
        table = [[Fraction(0)] * len(pattern) for _ in game.types]
        for (s, corner), weight in zip(places, ray, strict=False):
            for t, chance in enumerate(game.prior):
                table[t][s] += Fraction(weight, ray[-1]) * corner[t] / chance
        behaviours.append(tuple(tuple(row) for row in table))
    return list(dict.fromkeys(behaviours))


@dataclass(frozen=True)
class _Labelled:
    """A component with its pattern and what all its vertices have in common, message by message.

    best: replies best at every sender's vertex (all where a message is never sent). tight: types for whom the message
    is best at every receiver's vertex.
    """

    component: Component
    pattern: tuple[_Option, ...]
    best: tuple[Bits, ...]
    tight: tuple[Bits, ...]

    def within(self, other: _Labelled) -> bool:
        """Whether all equilibria of this component belong to the pattern of the other one."""
        component = self.component
        return all(
            sent & ~option.types == 0
            and replies & ~option.replies == 0
            and tight & option.types == option.types
            and best & option.replies == option.replies
            for option, sent, replies, tight, best in zip(
                other.pattern, component.sent, component.replies, self.tight, self.best, strict=True
            )
        )


def _labelled(
    game: SignallingGame, pattern: tuple[_Option, ...], senders: list[Behaviour], receivers: list[Behaviour]
) -> _Labelled:
    n, m, k = game.shape
    sent, replies, best, tight = [0] * m, [0] * m, [(1 << k) - 1] * m, [(1 << n) - 1] * m
    for sender in senders:
        for s in range(m):
            sent[s] |= sum(1 << t for t in range(n) if sender[t][s])
            best[s] &= _best_replies(game, sender, s)
    for receiver in receivers:
        worth = [[reply_value(game, t, s, receiver[s]) for s in range(m)] for t in range(n)]
        for s in range(m):
            replies[s] |= sum(1 << a for a in range(k) if receiver[s][a])
            tight[s] &= sum(1 << t for t in range(n) if worth[t][s] == max(worth[t]))
    component = Component(game, tuple(senders), tuple(receivers), tuple(sent), tuple(replies))
    return _Labelled(component, pattern, tuple(best), tuple(tight))


def _best_replies(game: SignallingGame, sender: Behaviour, message: int) -> Bits:
    belief = belief_after(game, sender, message)
    if belief is None:
        return (1 << len(game.responses)) - 1
    worth = [
        sum(chance * game.receiver[t][message][a] for t, chance in enumerate(belief) if chance)
        for a in range(len(game.responses))
    ]
    return sum(1 << a for a, value in enumerate(worth) if value == max(worth))


def _mean(points: Sequence[Behaviour]) -> Behaviour:
    count = len(points)
    return tuple(
        tuple(sum(cells, Fraction(0)) / count for cells in zip(*rows, strict=True))
        for rows in zip(*points, strict=True)
    )
