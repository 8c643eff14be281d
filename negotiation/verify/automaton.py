"""Checks that an automaton is an equilibrium: exact values, then every one-shot deviation in every state.

That suffices (docs/certificates.md, "Automata"; Mailath, Samuelson 2006, prop. 2.2.1 and 7.1.1). Ratios throughout; any
number of players.
"""

from fractions import Fraction
from typing import NamedTuple

from negotiation.verify.game import Game, Lottery, is_distribution, read_lottery, read_profile
from negotiation.verify.reading import Count, Entry, FailedError, double

SparseRow = dict[int, Fraction]


class AutomatonState(NamedTuple):
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


class Payment(NamedTuple):
    """A payment that must be worth making: `player` pays `amount` (units of the game) once and play goes on in state
    `paid` of the automaton, or refuses and play goes on in state `refused`.
    """

    player: int
    amount: Fraction
    paid: int
    refused: int


def read_automaton(automaton: Entry, game: Game) -> tuple[list[AutomatonState], list[Payment]]:
    """Return the states, of which the first one starts, and the payments; `InputError` names what is wrong."""
    rows = automaton.field("states").items()
    if not rows:
        raise automaton.field("states").fault("an automaton needs a state")
    payments = [
        Payment(
            player=payment.field("player").whole(len(game.players)),
            amount=payment.field("amount").ratio(),
            paid=payment.field("paid").whole(len(rows)),
            refused=payment.field("refused").whole(len(rows)),
        )
        for payment in automaton.field("payments").items()
    ]
    return [_state(row, game, len(rows)) for row in rows], payments


def _state(row: Entry, game: Game, count: int) -> AutomatonState:
    place = row.field("state").whole(len(game.states))
    there, players, after = game.states[place], len(game.players), []
    for lottery in row.field("after").items(len(there.signals)):
        after.append(read_lottery(lottery, count))
        if not is_distribution(after[-1]):
            raise lottery.fault("is not a distribution")
    responses = enumerate(row.field("deviation").items(players))
    adjustments = row.field("adjustments")
    if adjustments.value is None:
        adjustments = Entry([[0] * there.size] * players)
    return AutomatonState(
        name=row.field("name").text(),
        place=place,
        profile=read_profile(row, there),
        after=tuple(after),
        deviation=tuple(to.wholes(len(there.signals) if i in there.observed else 0, count) for i, to in responses),
        adjustments=tuple(payoffs.ratios(there.size) for payoffs in adjustments.items(players)),
    )


class AutomatonChecker:
    """Checks one automaton; `values[w][i]` are its exact values in the units of the game."""

    def __init__(self, game: Game, states: list[AutomatonState], count: Count) -> None:
        self.game, self.states, self.count = game, states, count
        for state in states:
            self._check_places(state)
        self.values = self._solve()

    def run(self, payments: list[Payment]) -> None:
        """Check every state, player, deviation and payment; `FailedError` names the first that gains."""
        for state, values in zip(self.states, self.values, strict=True):
            self._check_deviations(state, values)
        delta = self.game.discount
        for payment in payments:
            i = payment.player
            stake = delta * (self.values[payment.paid][i] - self.values[payment.refused][i])
            self.count.checked += 1
            if stake < (1 - delta) * payment.amount:
                raise FailedError(
                    f"{self.game.players[i]} gains {double((1 - delta) * payment.amount - stake):.3g} by refusing to "
                    f"pay {double(payment.amount):.3g} once"
                )

    def _check_places(self, state: AutomatonState) -> None:
        """Whatever can happen must lead to an automaton state that lives where the game has moved to."""
        here = self.game.states[state.place]
        moves = here.deviations(state.profile)
        undetected = [state.profile, *(move.to for move in moves if move.player not in here.observed)]
        for y, into in enumerate(here.following):
            possible = any(here.chances[a][y] for a in undetected)
            targets = [w for w, chance in state.after[y] if chance] if possible else []
            detected = [move for move in moves if move.player in here.observed and here.chances[move.to][y]]
            targets += [state.deviation[move.player][y] for move in detected]
            self.count.checked += 1
            for w in targets:
                if self.states[w].place != into:
                    raise FailedError(
                        f"state '{state.name}': signal {here.signals[y]} leads to state {self.game.states[into].name} "
                        f"of the game, but the automaton moves to '{self.states[w].name}', which lives elsewhere"
                    )

    def _flow(self, state: AutomatonState, player: int, profile: int) -> Fraction:
        payoff = self.game.states[state.place].payoffs[player][profile]
        return (1 - self.game.discount) * (payoff + state.adjustments[player][profile])

    def _next(self, state: AutomatonState, profile: int) -> SparseRow:
        """Return delta times the chances of the next automaton state when deviations go unseen."""
        row: SparseRow = {}
        for chance, lottery in zip(self.game.states[state.place].chances[profile], state.after, strict=True):
            for w, share in lottery:
                if chance and share:
                    row[w] = row.get(w, Fraction(0)) + self.game.discount * chance * share
        return row

    def _solve(self) -> list[list[Fraction]]:
        """Solve (I - delta P) V = (1 - delta) u by elimination of the sparsest row first; u_i has the key -1 - i."""
        players = range(len(self.game.players))
        rows: dict[int, SparseRow] = {}
        for w, state in enumerate(self.states):
            row = {to: -weight for to, weight in self._next(state, state.profile).items()}
            row[w] = row.get(w, Fraction(0)) + 1
            rows[w] = {**row, **{-1 - i: self._flow(state, i, state.profile) for i in players}}
        solved: list[tuple[int, SparseRow]] = []
        while rows:
            w = min(rows, key=lambda number: (len(rows[number]), number))
            row = rows.pop(w)
            pivot = row.pop(w)
            row = {key: number / pivot for key, number in row.items()}
            solved.append((w, row))
            for other in rows.values():
                if factor := other.pop(w, None):
                    for key, number in row.items():
                        other[key] = other.get(key, Fraction(0)) - factor * number
        values: list[list[Fraction]] = [[] for _ in self.states]
        for w, row in reversed(solved):
            ahead = [(values[to], weight) for to, weight in row.items() if to >= 0]
            values[w] = [row[-1 - i] - sum(weight * after[i] for after, weight in ahead) for i in players]
        return values

    def _check_deviations(self, state: AutomatonState, values: list[Fraction]) -> None:
        here = self.game.states[state.place]
        for move in here.deviations(state.profile):
            i = move.player
            self.count.checked += 1
            if i in here.observed:
                chances = zip(here.chances[move.to], state.deviation[i], strict=True)
                then = self.game.discount * sum((p * self.values[to][i] for p, to in chances), Fraction(0))
            else:
                then = sum((p * self.values[to][i] for to, p in self._next(state, move.to).items()), Fraction(0))
            gain = self._flow(state, i, move.to) + then - values[i]
            if gain > 0:
                what = self.game.deviation_words(state.place, move)
                raise FailedError(f"state '{state.name}': {what} once gains {double(gain):.3g}")
