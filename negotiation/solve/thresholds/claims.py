"""Claims about the equilibria of one game, and what is proven about them: no, undecided, or yes.

Three claims: a profile can be played in the first period of some equilibrium; a profile can fill a given discounted
share of the periods; the joint loss can be kept below a given amount. All speak of pure public strategies with public
randomisation; "no" is a statement about these only.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

import numpy as np

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.games.dynamic import DynamicGame
from negotiation.games.solution import Solution
from negotiation.games.stage import Profile
from negotiation.solve.occupation.bounds import SHARE_TOLERANCE, share_bounds
from negotiation.solve.options import Options
from negotiation.solve.payoff_sets.solver import DEFAULT_OPTIONS, monitoring_kind, solve
from negotiation.solve.public.enforceability import Answer, enforceable_in_first_period

FINER = 0.1  # each further try asks for so much smaller a gap
SHARE_ROUNDING = 1e-7  # shares closer than this to the claim count as reaching it


class CanPlay(Value):
    """The profile can be played in the first period of some equilibrium that starts in public state `state`."""

    profile: Profile
    state: int = 0

    def words(self, game: DynamicGame) -> str:
        """Return the claim as a clause."""
        return f"{named(game, self.profile, self.state)} can be played in the first period of some equilibrium"


class FillsShare(Value):
    """The profile can fill at least `share` of the periods, discounted, in some equilibrium."""

    profile: Profile
    share: float
    state: int = 0
    tolerance: float = SHARE_TOLERANCE

    def _check(self) -> None:
        if not 0 < self.share <= 1:
            raise InputError.single("claim", "share", f"must lie above 0 and at most at 1, got {self.share:g}")

    def words(self, game: DynamicGame) -> str:
        """Return the claim as a clause."""
        name = named(game, self.profile, self.state)
        return f"{name} can fill {100 * self.share:.6g}% of the periods (discounted) in some equilibrium"


class LossBelow(Value):
    """Some equilibrium loses at most `amount` a period, both players together, against `profile` played for ever."""

    profile: Profile
    amount: float
    state: int = 0

    def words(self, game: DynamicGame) -> str:
        """Return the claim as a clause."""
        name = named(game, self.profile, self.state)
        unit = game.stages[self.state].unit
        return f"some equilibrium keeps the joint loss against {name} at or below {self.amount:.4g} {unit}".rstrip()


Claim = CanPlay | FillsShare | LossBelow


def named(game: DynamicGame, profile: Profile, state: int) -> str:
    """Return a profile by its action names."""
    stage = game.stages[state]
    return "/".join(stage.actions[i][a] for i, a in enumerate(profile))


class Verdict(Value):
    """What is proven about a claim in one game.

    low, high: the largest share, or the least loss, lies between them (NaN for `CanPlay`). solution: the sets behind
    the answer, None where it was read off another parameter value. certificate: what the exact checker has passed, None
    if nothing; checked: a sentence about it, "" if nothing was checked.
    """

    claim: Claim
    answer: Answer
    low: float
    high: float
    solution: Solution = field(repr=False)
    certificate: Mapping[str, Any] | None = field(default=None, repr=False)
    checked: str = ""

    def words(self) -> str:
        """Return the verdict as a sentence."""
        number = "" if np.isnan(self.low) else f" (between {self.low:.4g} and {self.high:.4g} is reached at best)"
        text = f"{self.answer.value.capitalize()}: {self.claim.words(self.solution.game)}{number}."
        return f"{text} {self.checked}".rstrip()


def judge(claim: Claim, game: DynamicGame, options: Options | None = None, tries: int = 1) -> Verdict:
    """Return what is proven about the claim in `game`.

    options: those of `DEFAULT_OPTIONS` for the kind of game unless given. tries: how often an undecided
    claim is put to sets with a ten times smaller gap. Raises `InputError` for a profile or a state that the game lacks.
    """
    chosen = DEFAULT_OPTIONS[monitoring_kind(game)] if options is None else options
    for attempt in range(max(tries, 1)):
        verdict = judged(claim, solve(game, chosen.replace(gap=chosen.gap * FINER**attempt)))
        if verdict.answer is not Answer.UNDECIDED:
            break
    return verdict


def judged(claim: Claim, solution: Solution) -> Verdict:
    """Return what the sets of a solution prove about the claim."""
    if isinstance(claim, CanPlay):
        answer = enforceable_in_first_period(solution, claim.profile, claim.state)
        return Verdict(claim, answer, np.nan, np.nan, solution)
    if isinstance(claim, FillsShare):
        wanted = claim.share - SHARE_ROUNDING
        bounds = share_bounds(solution, claim.profile, claim.state, claim.tolerance, wanted)
        return Verdict(claim, _at_least(wanted, bounds.low, bounds.high), bounds.low, bounds.high, solution)
    direction = np.ones(2)
    best = sum(solution.game.stages[claim.state].payoff(claim.profile))
    inner, outer = solution.inner[claim.state], solution.outer[claim.state]
    low, high = best - outer.support(direction), best - inner.support(direction)
    answer = _at_least(-claim.amount, -high, -low)
    return Verdict(claim, answer, float(low), float(high), solution)


def _at_least(wanted: float, low: float, high: float) -> Answer:
    if low >= wanted:
        return Answer.PROVEN_YES
    return Answer.PROVEN_NO if high < wanted else Answer.UNDECIDED
