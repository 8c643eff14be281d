"""Where a parameter turns a claim from proven no to proven yes: certified intervals with what is undecided between.

With a proof of monotonicity (`monotonicity`) the answer is found by bisection from both sides, and each proven
end speaks for everything beyond it. Without, every value of a grid is judged and all changes of the answer are closed
in; between neighbouring values nothing is proven, and the result says how far apart they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice, pairwise

import numpy as np

from negotiation._results import Result
from negotiation.errors import InputError
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.solve.options import Options
from negotiation.solve.public.enforceability import Answer
from negotiation.solve.thresholds.bisection import Stretch, bisected, scanned
from negotiation.solve.thresholds.certified import certify
from negotiation.solve.thresholds.claims import Claim, Verdict, judge
from negotiation.solve.thresholds.monotonicity import Monotone, in_monitoring, in_patience

SCANNED_VALUES = 9  # values judged where nothing is proven in between; doubled, half as far apart for twice the time
LOWEST, HIGHEST = 0.01, 0.99  # discount factors searched unless other bounds are given


class Threshold(Result):
    """The answers along a parameter.

    claim: what is asked. parameter: its name. stretches: in increasing order of the parameter. monotone: why one proven
    value speaks for others, None on a grid. step: the largest distance between neighbouring values that were judged and
    have the same answer (0 with a proof of monotonicity). judged: (value, verdict) in increasing order of the value.
    width: how closely changes were to be enclosed.
    """

    claim: Claim
    parameter: str
    stretches: tuple[Stretch, ...]
    monotone: Monotone | None
    step: float
    judged: tuple[tuple[float, Verdict], ...]
    width: float

    @property
    def changes(self) -> tuple[tuple[float, float, bool], ...]:
        """Every change of a proven answer, (from, to, yes beyond it), in increasing order of the parameter."""
        proven = [stretch for stretch in self.stretches if stretch.answer is not Answer.UNDECIDED]
        return tuple(
            (before.high, after.low, after.answer is Answer.PROVEN_YES)
            for before, after in pairwise(proven)
            if before.answer is not after.answer
        )

    @property
    def ends(self) -> tuple[float, ...]:
        """The values at which proven stretches end: what needs a certificate."""
        values = {end for before, after, _ in self.changes for end in (before, after)}
        proven = (stretch.low for stretch in self.stretches if stretch.answer is not Answer.UNDECIDED)
        return tuple(sorted(values)) or tuple(islice(proven, 1))

    @property
    def _relied_on(self) -> set[float]:
        """The values whose verdicts carry the answer: the ends where a proof speaks for the others, else all."""
        return {value for value, _ in self.judged} if self.monotone is None else set(self.ends)

    def certified(self) -> Threshold:
        """Return the threshold with the proofs at the ends of its proven stretches checked in exact arithmetic.

        With a proof of monotonicity these ends carry the whole answer; on a grid every judged value is checked. What
        could not be checked says so in its verdict.
        """
        wanted = self._relied_on
        done = [(value, certify(verdict) if value in wanted else verdict) for value, verdict in self.judged]
        return self.replace(judged=tuple(done))

    @property
    def checked(self) -> bool:
        """Whether every proof that the answer rests on has passed the exact checker."""
        wanted = self._relied_on
        proven = [v for value, v in self.judged if value in wanted and v.answer is not Answer.UNDECIDED]
        return bool(proven) and all(verdict.certificate is not None for verdict in proven)

    def words(self) -> str:
        """Return the answer in plain sentences."""
        game = self.judged[0][1].solution.game
        parts = "; ".join(stretch.words() for stretch in self.stretches)
        claim = self.claim.words(game)
        return f"{claim[0].upper()}{claim[1:]}: {self.parameter} {parts}. {self.how()}"

    def how(self) -> str:
        """Return in plain sentences what the answer rests on."""
        how = f"Judged on a grid: between values up to {self.step:.3g} apart another change could hide."
        if self.monotone is not None:
            how = f"Proven by bisection: {self.monotone.reason}."
        return f"{how} The proofs at the ends were checked exactly." if self.checked else how


def discount_threshold(
    game: AnyGame,
    claim: Claim,
    low: float = LOWEST,
    high: float = HIGHEST,
    width: float = 1e-4,
    options: Options | None = None,
    tries: int = 1,
) -> Threshold:
    """Return for which discount factors between `low` and `high` the claim holds; the game's own plays no role.

    Other arguments and errors as in `threshold`. Raises `InputError` also for bounds outside (0, 1).
    """
    if not 0 < low < high < 1:
        message = f"needs 0 < low < high < 1, got {low:g} and {high:g}"
        raise InputError.single("threshold", "discount factor", message)
    repeated = game.repeated(low) if isinstance(game, OneShotGame) else game

    def game_at(discount: float) -> DynamicGame:
        return repeated.replace(discount=discount, exact_discount=None)

    name = "discount factor"
    return monotone_threshold(game_at, claim, (low, high), width=width, parameter=name, options=options, tries=tries)


def threshold(
    game_at: Callable[[float], DynamicGame],
    claim: Claim,
    low: float,
    high: float,
    monotone: Monotone | None = None,
    *,
    width: float = 1e-3,
    parameter: str = "the parameter",
    options: Options | None = None,
    grid: int = SCANNED_VALUES,
    tries: int = 1,
) -> Threshold:
    """Return where the claim is proven, disproven or undecided for parameter values between `low` and `high`.

    game_at: the game at a value of the parameter. monotone: a proof, or None for a grid of `grid` values. width: how
    closely each change is enclosed; a wider undecided stretch means that the sets do not decide: ask for a smaller gap
    in `options`, or for several `tries` (`claims.judge`). Raises `InputError` for an empty range or a width of 0.
    """
    if not (np.isfinite([low, high]).all() and low < high):
        raise InputError.single("threshold", parameter, f"needs low < high, got {low:g} and {high:g}")
    if not width > 0 or grid < 2:
        raise InputError.single("threshold", "width", f"needs a width above 0 and a grid of 2 or more, got {width:g}")
    verdicts: dict[float, Verdict] = {}

    def judged(value: float) -> Verdict:
        if value not in verdicts:
            verdicts[value] = judge(claim, game_at(value), options, tries)
        return verdicts[value]

    if monotone is not None:
        stretches, step = bisected(judged, low, high, monotone.rises, width), 0.0
    else:
        stretches, step = scanned(judged, verdicts, np.linspace(low, high, grid).tolist(), width)
    answers = tuple(sorted(verdicts.items()))
    return Threshold(claim, parameter, stretches, monotone, step, judged=answers, width=width)


def monotone_threshold(
    game_at: Callable[[float], DynamicGame],
    claim: Claim,
    probes: Sequence[float],
    *,
    width: float,
    parameter: str,
    options: Options | None = None,
    grid: int = SCANNED_VALUES,
    tries: int = 1,
) -> Threshold:
    """Return the threshold between the first and the last of `probes`, by bisection where that is sound.

    It is where the game at the probes, and at every value judged, proves that the claim turns once: only the discount
    factor changes, or only how well actions are seen. Otherwise `grid` values are judged. Raises `InputError` as
    `threshold` does.
    """
    low, high = probes[0], probes[-1]
    enclosed = partial(
        threshold, game_at, claim, low, high, width=width, parameter=parameter, options=options, grid=grid, tries=tries
    )
    patience = in_patience(game_at, probes)
    if patience is not None:
        return enclosed(patience)
    garbled = in_monitoring(game_at, probes)
    if garbled is not None:
        bisection = enclosed(garbled)
        if in_monitoring(game_at, [value for value, _ in bisection.judged]) is not None:
            return bisection
    return enclosed(None)
