"""Checks that an automaton is an equilibrium: exact values, then every one-shot deviation in every state.

Values solve V_w = (1 - delta) u_w(a^w) + delta sum_y rho(y | a^w) sum_w' P(w' | w, y) V_w', u_w = g + adjustments of
state w. If no player gains in any state w by one deviation to which the automaton then responds, nobody gains by any
strategy (Blackwell 1965; Mailath, Samuelson 2006, prop. 2.2.1 and 7.1.1). Ratios throughout; any number of players.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from negotiation.verify.game import Game, Lottery, is_distribution, read_lottery, read_profile
from negotiation.verify.reading import (
    Count,
    FailedError,
    double,
    entries,
    fault,
    field,
    part,
    ratio,
    ratios,
    text,
    whole,
    wholes,
)

SparseRow = dict[int, Fraction]


@dataclass(frozen=True, kw_only=True)
class AutomatonState:
    """A state of the automaton: the game state it lives in, what it plays, and what follows.

    after[y]: lottery over automaton states. deviation[i][y]: next state after player i was seen to deviate and signal y
    was drawn; empty where player i is not observed. adjustments[i][a], added to the payoffs of the game.
    """

    name: str
    place: int
    profile: int
    after: tuple[Lottery, ...]
    deviation: tuple[tuple[int, ...], ...]
    adjustments: tuple[tuple[Fraction, ...], ...]


def read_automaton(data: Any, game: Game, path: str = "automaton") -> tuple[AutomatonState, ...]:
    """Return the states of an automaton; the first one starts. `InputError` names what is wrong."""
    rows = entries(field(part(data, path), "states", path), f"{path}.states")
    if not rows:
        raise fault(f"{path}.states", "an automaton needs a state")
    return tuple(
        _node(part(row, f"{path}.states[{w}]"), f"{path}.states[{w}]", game, len(rows)) for w, row in enumerate(rows)
    )


@dataclass(frozen=True)
class WorthwhilePayment:
    """Player `player` pays `amount` once and goes on from state `paid`, rather than refuse and go on from `refused`."""

    player: int
    amount: Fraction
    paid: int
    refused: int


def read_payments(data: Any, players: int, nodes: int, path: str = "payments") -> tuple[WorthwhilePayment, ...]:
    """Return the payments that must be worth making."""
    payments = []
    for number, data_row in enumerate(entries(data, path)):
        where, row = f"{path}[{number}]", part(data_row, f"{path}[{number}]")
        payments.append(
            WorthwhilePayment(
                whole(field(row, "player", where), f"{where}.player", players),
                ratio(field(row, "amount", where), f"{where}.amount"),
                whole(field(row, "paid", where), f"{where}.paid", nodes),
                whole(field(row, "refused", where), f"{where}.refused", nodes),
            )
        )
    return tuple(payments)


def _node(data: Mapping[str, Any], path: str, game: Game, count: int) -> AutomatonState:
    place = whole(field(data, "state", path), f"{path}.state", len(game.states))
    own = game.states[place]
    players, signals = len(game.players), len(own.signals)
    profile = read_profile(data, path, own)
    rows = entries(field(data, "after", path), f"{path}.after", signals)
    after = tuple(read_lottery(row, f"{path}.after[{y}]", count) for y, row in enumerate(rows))
    for y, lottery in enumerate(after):
        if not is_distribution(lottery):
            raise fault(f"{path}.after[{y}]", "is not a distribution")
    deviation = []
    for i, row in enumerate(entries(field(data, "deviation", path), f"{path}.deviation", players)):
        length = signals if i in own.observed else 0
        deviation.append(wholes(row, f"{path}.deviation[{i}]", length, count))
    given = field(data, "adjustments", path)
    if given is None:
        adjustments = tuple((Fraction(0),) * own.size for _ in range(players))
    else:
        tables = entries(given, f"{path}.adjustments", players)
        adjustments = tuple(ratios(row, f"{path}.adjustments[{i}]", own.size) for i, row in enumerate(tables))
    name = text(field(data, "name", path), f"{path}.name")
    return AutomatonState(
        name=name,
        place=place,
        profile=profile,
        after=after,
        deviation=tuple(deviation),
        adjustments=adjustments,
    )


class AutomatonChecker:
    """Checks one automaton; afterwards `values[w][i]` are its exact values in the units of the game."""

    def __init__(
        self, game: Game, nodes: tuple[AutomatonState, ...], payments: tuple[WorthwhilePayment, ...], count: Count
    ) -> None:
        self.game, self.nodes, self.payments, self.count = game, nodes, payments, count
        self.values: list[list[Fraction]] = []

    def run(self) -> None:
        """Check every state, player and deviation; `FailedError` names the first that gains."""
        for node in self.nodes:
            self._places(node)
        self.values = self._solve()
        for w in range(len(self.nodes)):
            self._deviations(w)
        for payment in self.payments:
            self._pays(payment)

    def _pays(self, payment: WorthwhilePayment) -> None:
        """Paying must be worth it: delta (V_paid - V_refused) >= (1 - delta) amount."""
        i, delta = payment.player, self.game.discount
        stake = delta * (self.values[payment.paid][i] - self.values[payment.refused][i])
        self.count.checked += 1
        if stake < (1 - delta) * payment.amount:
            raise FailedError(
                f"{self.game.players[i]} gains {double((1 - delta) * payment.amount - stake):.3g} by refusing to pay "
                f"{double(payment.amount):.3g} once"
            )

    def _places(self, node: AutomatonState) -> None:
        """Whatever can happen must lead to an automaton state that lives where the game has moved to."""
        own = self.game.states[node.place]
        moves = own.deviations(node.profile)
        unseen = [node.profile, *(move.to for move in moves if move.player not in own.observed)]
        for y, into in enumerate(own.following):
            targets = [w for w, chance in node.after[y] if chance] if any(own.chances[a][y] for a in unseen) else []
            detected = [move for move in moves if move.player in own.observed and own.chances[move.to][y]]
            targets += [node.deviation[move.player][y] for move in detected]
            self.count.checked += 1
            for w in targets:
                if self.nodes[w].place != into:
                    there = self.game.states[into].name
                    raise FailedError(
                        f"state '{node.name}': signal {own.signals[y]} leads to state {there} of the game, but the "
                        f"automaton moves to '{self.nodes[w].name}', which lives elsewhere"
                    )

    def _flow(self, node: AutomatonState, player: int, profile: int) -> Fraction:
        return (1 - self.game.discount) * (
            self.game.states[node.place].payoffs[player][profile] + node.adjustments[player][profile]
        )

    def _next(self, node: AutomatonState, profile: int) -> SparseRow:
        """Return delta times the chances of the next automaton state when deviations go unseen."""
        row: SparseRow = {}
        for chance, lottery in zip(self.game.states[node.place].chances[profile], node.after, strict=True):
            for w, share in lottery:
                if chance and share:
                    row[w] = row.get(w, Fraction(0)) + self.game.discount * chance * share
        return row

    def _solve(self) -> list[list[Fraction]]:
        """Solve (I - delta P) V = (1 - delta) u by elimination of the sparsest row first."""
        count, players = len(self.nodes), range(len(self.game.players))
        rows: dict[int, tuple[SparseRow, list[Fraction]]] = {}
        for w, node in enumerate(self.nodes):
            row = {to: -weight for to, weight in self._next(node, node.profile).items()}
            row[w] = row.get(w, Fraction(0)) + 1
            rows[w] = (row, [self._flow(node, i, node.profile) for i in players])
        solved: list[tuple[int, SparseRow, list[Fraction]]] = []
        while rows:
            w = min(rows, key=lambda at: (len(rows[at][0]), at))
            row, right = rows.pop(w)
            pivot = row.pop(w)
            row = {to: weight / pivot for to, weight in row.items()}
            right = [number / pivot for number in right]
            solved.append((w, row, right))
            for other, (entry, numbers) in rows.items():
                factor = entry.pop(w, None)
                if factor:
                    for to, weight in row.items():
                        entry[to] = entry.get(to, Fraction(0)) - factor * weight
                    rows[other] = (entry, [a - factor * b for a, b in zip(numbers, right, strict=True)])
        values: list[list[Fraction]] = [[] for _ in range(count)]
        for w, row, right in reversed(solved):
            values[w] = [
                right[i] - sum((weight * values[to][i] for to, weight in row.items()), Fraction(0)) for i in players
            ]
        return values

    def _deviations(self, w: int) -> None:
        node = self.nodes[w]
        own = self.game.states[node.place]
        for move in own.deviations(node.profile):
            i = move.player
            self.count.checked += 1
            if i in own.observed:
                then = self.game.discount * sum(
                    (p * self.values[to][i] for p, to in zip(own.chances[move.to], node.deviation[i], strict=True)),
                    Fraction(0),
                )
            else:
                then = sum((p * self.values[to][i] for to, p in self._next(node, move.to).items()), Fraction(0))
            gain = self._flow(node, i, move.to) + then - self.values[w][i]
            if gain > 0:
                what = self.game.deviation_words(node.place, move)
                raise FailedError(f"state '{node.name}': {what} once gains {double(gain):.3g}")
