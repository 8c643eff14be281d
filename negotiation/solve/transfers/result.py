"""What is known about payoffs with voluntary transfers: the steps of the discount factor, and the set at each of them.

Symbols: delta discount factor, r = delta / (1 - delta), L liquidity, U largest joint payoff, v_i least payoff of
player i (`transfers`, `transfer_steps`). Everything is an exact ratio (Goldluecke, Kranz 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.stage import Profile
from negotiation.solve.geometry.convex_hull import convex_set
from negotiation.solve.scores.piecewise_linear import AffineFunction


class TransferStep(NamedTuple):
    """One piece of the answer, from the discount factor `discount` on; exact ratios.

    liquidity, joint, punishments (n,): L, U and v_i at the start. profile attains U, punishing[i] gives player i v_i.
    alpha, beta: L = r alpha / (1 - r beta) within the step. joint_line, punishment_lines: U and v_i as lines in L.
    """

    discount: Fraction
    liquidity: Fraction
    joint: Fraction
    punishments: tuple[Fraction, ...]
    profile: Profile
    punishing: tuple[Profile, ...]
    alpha: Fraction
    beta: Fraction
    joint_line: AffineFunction
    punishment_lines: tuple[AffineFunction, ...]

    @property
    def flat(self) -> bool:
        """Whether the payoffs stay the same until the next step."""
        return not any(line.slope for line in (self.joint_line, *self.punishment_lines))


@dataclass(frozen=True, eq=False)
class TransferPayoffs(Value):
    """All payoffs with transfers at one discount factor: {v : sum v <= joint, v_i >= punishments[i]}, in exact ratios.

    profile: played on the path of the best equilibrium. punishing: for each player, what holds it to its worst payoff.
    """

    discount: Fraction
    liquidity: Fraction
    joint: Fraction
    punishments: tuple[Fraction, ...]
    profile: Profile
    punishing: tuple[Profile, ...]

    @property
    def region(self) -> PayoffSet:
        """The payoff set of two players as a triangle, a segment or a point."""
        if len(self.punishments) != 2:
            raise InputError.single("transfers", "region", f"{len(self.punishments)} players, a polygon needs two")
        low, other = self.punishments
        corners = [(low, other), (self.joint - other, other), (low, self.joint - low)]
        return convex_set(np.array([[float(u), float(v)] for u, v in corners]))


class Need(NamedTuple):
    """What a profile needs: liquidity, and the least discount factors; None where no discount factor is enough.

    once: it can be played in the first period of some equilibrium. always: it can be played for ever on the path.
    """

    profile: Profile
    liquidity: Fraction | None
    once: Fraction | None
    always: Fraction | None


@dataclass(frozen=True, eq=False)
class TransferSteps(Value):
    """The payoffs with transfers for every discount factor.

    steps: in order of the discount factor; below the first one there is no equilibrium in pure strategies. needs: for
    every profile, in the order of the game. literal: whether the numbers of the game were taken as given, rather than
    as the simple fractions that its doubles stand for.
    """

    game: DynamicGame
    steps: tuple[TransferStep, ...]
    needs: tuple[Need, ...]
    literal: bool

    def at(self, discount: float | Fraction | None = None) -> TransferPayoffs | None:
        """Return the payoffs at a discount factor, the game's own by default; None if there is no equilibrium.

        A double that is the nearest one to the start of a step counts as that start. Raises `InputError` for a discount
        factor outside (0, 1).
        """
        if discount is None:
            discount = self.game.discount if self.game.exact_discount is None else self.game.exact_discount
        if not 0 < discount < 1:
            raise InputError.single(
                "transfers", "discount", f"must lie strictly between 0 and 1, got {float(discount):g}"
            )
        given = Fraction(discount)
        reached = [s for s in self.steps if s.discount <= given or float(s.discount) == discount]
        if not reached:
            return None
        step = reached[-1]
        exact = max(given, step.discount)
        liquidity = _liquidity(step, exact)
        return TransferPayoffs(
            exact,
            liquidity,
            step.joint_line.at(liquidity),
            tuple(line.at(liquidity) for line in step.punishment_lines),
            step.profile,
            step.punishing,
        )

    def need(self, profile: Profile) -> Need:
        """Return what a profile needs; raise `InputError` for a profile that the game does not have."""
        for need in self.needs:
            if need.profile == tuple(profile):
                return need
        raise InputError.single("transfers", "profile", f"the game has no profile {tuple(profile)}")

    @cached_property
    def largest_joint(self) -> Fraction | None:
        """The joint payoff when players are patient enough; None without equilibrium."""
        if not self.steps:
            return None
        last = self.steps[-1]
        return last.joint_line.intercept if last.joint_line.slope == 0 else None

    def words(self) -> str:
        """Return one sentence a step."""
        if not self.steps:
            return "With transfers there is no equilibrium in pure strategies at any discount factor."
        stage = self.game.stage
        said = []
        for step in self.steps:
            since = "At every discount factor" if step.discount == 0 else f"From {float(step.discount):.6g} on"
            plays = ", ".join(stage.name(step.profile))
            worst = ", ".join(f"{float(number):.6g}" for number in step.punishments)
            grows = "" if step.flat else ", changing with patience"
            said.append(
                f"{since} the best joint payoff with transfers is {float(step.joint):.6g}{grows}, by ({plays}); "
                f"no player can be held below ({worst})."
            )
        return " ".join(said)


def _liquidity(step: TransferStep, discount: Fraction) -> Fraction:
    """Return L at a discount factor within a step."""
    if step.alpha <= 0:
        return step.liquidity
    ratio = discount / (1 - discount)
    return ratio * step.alpha / (1 - ratio * step.beta)
