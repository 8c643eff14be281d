"""Public strategies of a game with public states, lotteries and all: what is played, what follows, what it is worth.

Symbols: W plans; plan w belongs to the public state publics[w] and plays actions[w]; after signal y the next plan is
drawn from transition[w, y] (plans of the successor state). An observed deviation of player i that leads to public state
s is answered with plan worst[s, i]. The first plan is drawn from initial. Values, normalised by (1 - delta):

    V_w = (1 - delta) g(a_w) + delta sum_y rho(y | a_w) sum_w' transition[w, y, w'] V_w'.

The strategy is an equilibrium exactly when no single deviation pays in any plan (Blackwell 1965; Mailath, Samuelson
2006, proposition 7.1.1).
"""

from functools import cached_property
from typing import ClassVar

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Ints
from negotiation.games.dynamic import DynamicGame
from negotiation.games.stage import Profile

PRINTED_SHARE = 5e-5  # shares of periods below this are printed as 0.0 %, so they are left out of the sentence


class PublicStrategy(Result, kw_only=True):
    """A public strategy profile with public lotteries.

    game: DynamicGame. publics: (W,) public state of each plan. actions: (W, 2). transition: (W, Y, W), rows are
    distributions over plans of the successor state. worst: (S, 2) plans. initial: (W,), a lottery over plans of one
    public state.
    """

    _tag: ClassVar[str] = "Strategy"

    game: DynamicGame
    publics: Ints
    actions: Ints
    transition: Floats
    worst: Ints
    initial: Floats

    @property
    def n_plans(self) -> int:
        """Number of plans W."""
        return len(self.publics)

    @cached_property
    def signals(self) -> Floats:
        """Probabilities (W, Y) of the signals when everyone does as prescribed."""
        pairs = zip(self.publics, self.profiles, strict=True)
        return np.array([self.game.monitoring[s].likelihood[profile] for s, profile in pairs])

    @property
    def profiles(self) -> list[Profile]:
        """The profile that each plan plays."""
        return [(int(row), int(column)) for row, column in self.actions]

    @cached_property
    def chain(self) -> Floats:
        """Probabilities (W, W) of moving from plan to plan when everyone does as prescribed."""
        chances: Floats = np.einsum("wy,wyv->wv", self.signals, self.transition)
        return chances

    def discounted(self, flow: Floats) -> Floats:
        """Return the normalised discounted value of a flow (W,) or (W, k) from each plan on."""
        delta = self.game.discount
        return np.asarray(np.linalg.solve(np.eye(self.n_plans) - delta * self.chain, (1 - delta) * flow), np.float64)

    @cached_property
    def values(self) -> Floats:
        """Values (W, 2) of the plans in the game's unit."""
        pairs = zip(self.publics, self.profiles, strict=True)
        return self.discounted(np.array([self.game.stages[s].payoff(profile) for s, profile in pairs]))

    @property
    def value(self) -> Floats:
        """Values (2,) of the strategy before its first lottery, in the game's unit."""
        payoffs: Floats = self.initial @ self.values
        return payoffs

    @cached_property
    def slack(self) -> float:
        """What the most tempting single deviation loses, in the game's unit; at least 0 means equilibrium."""
        return min(self._slack(w) for w in range(self.n_plans))

    def _slack(self, w: int) -> float:
        state, profile, delta = int(self.publics[w]), self.profiles[w], self.game.discount
        stage, monitoring, values = self.game.stages[state], self.game.monitoring[state], self.values
        least = np.inf
        for i, action in enumerate(profile):
            ahead = self.transition[w] @ values[:, i]
            if i in monitoring.observed:
                ahead = values[self.worst[self.game.next_state[state], i], i]
            chances = np.moveaxis(monitoring.likelihood, i, 0)[:, profile[1 - i]]
            payoffs = (1 - delta) * stage.deviations(i, profile) + delta * chances @ ahead
            least = min(least, float((values[w, i] - np.delete(payoffs, action)).min(initial=np.inf)))
        return least

    def holds(self, tolerance: float = 1e-9) -> bool:
        """Whether no single deviation gains more than `tolerance` times the payoff range."""
        extent = max(float(np.ptp(stage.payoffs)) for stage in self.game.stages)
        return self.slack >= -tolerance * max(extent, 1e-300)

    def shares(self) -> dict[tuple[str, ...], float]:
        """Return the discounted share of periods of each profile played, by action names, largest first.

        In games with several public states the state's name comes first.
        """
        weight = self.initial @ self.discounted(np.eye(self.n_plans))
        shares: dict[tuple[str, ...], float] = {}
        for state, profile, share in zip(self.publics, self.profiles, weight, strict=True):
            stage = self.game.stages[state]
            names = tuple(stage.actions[i][profile[i]] for i in range(2))
            key = names if self.game.n_states == 1 else (self.game.states[state], *names)
            shares[key] = shares.get(key, 0.0) + float(share)
        return dict(sorted(shares.items(), key=lambda entry: -entry[1]))

    def words(self) -> str:
        """Return in plain sentences what the strategy is worth, what it plays how often, and whether it holds."""
        players = self.game.stages[0].players
        worth = " and ".join(f"{value:.4g} to {name}" for value, name in zip(self.value, players, strict=True))
        parts = [f"{share:.1%} {'/'.join(names)}" for names, share in self.shares().items() if share >= PRINTED_SHARE]
        starts = int((self.initial > 0).sum())
        first = "It starts with a public lottery over " + f"{starts} plans." if starts > 1 else "It starts in one plan."
        verdict = "No single deviation pays." if self.holds() else f"A single deviation gains {-self.slack:.3g}."
        return (
            f"A public strategy with {self.n_plans} plans, worth {worth} a period. "
            f"Discounted share of periods: {', '.join(parts)}. {first} {verdict}"
        )
