"""In how much of the uncertain world the deal holds after each outcome, and which number would settle it.

The judged numbers of a scenario, each over its plausible range, at scrambled Sobol points (Owen 1998). A share of
points is as good as the ranges, and no probability. What would settle it is read from the same points: the share in
which the deal holds where a number lies below and above the middle of its range, and by halves of two numbers.
"""

import warnings
from collections.abc import Sequence

import numpy as np

from negotiation._values import Bools, Floats, Value
from negotiation.calls.outcomes.batch import analyse_points, has_column_path
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.plausible_ranges import group_paths, plausible_ranges
from negotiation.trade.scenario.scenario import Scenario

POINTS_TOGETHER = 512  # points computed together; twice as many take twice the memory, some 100 MB with two figures
WORLD_POINTS = 4096  # a quarter of them would double the standard error, .008 at most
# where any pair of shares, from the US and from all others, is to be deterred: 200 times the work a point, .022 at most
FEWER_POINTS = 512


class Split(Value):
    """The share in which the deal holds by halves of one number, or of two: below the middle of its range, above.

    shares: (2,) or (2, 2), the first axis for the first number; NaN where no point lies.
    """

    paths: tuple[str, ...]
    shares: Floats


class WorldShare(Value, kw_only=True):
    """The share of points at which the deal holds after one outcome by its selected rule, and by any simple rule.

    error: standard error of `holds`, as if the points were independent. number, pair: the split by one number, and by
    two, that separates points at which it holds from the others most; None where it holds at all or at none.
    """

    outcome: str
    holds: float
    any_rule: float
    error: float
    number: Split | None
    pair: Split | None


class UncertainWorld(Value, kw_only=True):
    """What becomes of the verdicts where the judged numbers `paths` vary over their ranges, at so many legal points."""

    paths: tuple[str, ...]
    points: int
    shares: tuple[WorldShare, ...]

    def share_of(self, outcome: str) -> WorldShare | None:
        """Return the share of one outcome by name; None where it has none."""
        return next((share for share in self.shares if share.outcome == outcome), None)


def uncertain_world(scenario: Scenario, calls: Sequence[CallOutcome], seed: int) -> UncertainWorld | None:
    """Return in how much of the uncertain world the deal holds after `calls`.

    None where no judged number has a range, and where a user's own automaton would have to be solved at every point.
    """
    ranges = {path: plausible_ranges(scenario)[path] for path in group_paths(scenario, "judgement")}
    if not ranges or not has_column_path(scenario):
        return None
    from scipy.stats import qmc  # as slow as half of scipy, and only one process draws points

    low, high = np.array(list(ranges.values())).T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # beyond the dimensions that Sobol numbers are known for
        count = FEWER_POINTS if scenario.slow_columns else WORLD_POINTS
        places = qmc.Sobol(len(low), rng=np.random.default_rng(seed)).random(count)
    numbers = low + (high - low) * places
    verdicts = [_verdicts(scenario, call, tuple(ranges), numbers) for call in calls]
    legal: Bools = np.logical_and.reduce([verdict[0] for verdict in verdicts])
    above = places[legal] >= 0.5
    shares = []
    for call, (_, holds, any_rule) in zip(calls, verdicts, strict=True):
        shares.append(_world_share(call.name, holds[legal], any_rule[legal], above, tuple(ranges)))
    return UncertainWorld(paths=tuple(ranges), points=int(legal.sum()), shares=tuple(shares))


def _verdicts(
    scenario: Scenario, call: CallOutcome, paths: tuple[str, ...], numbers: Floats
) -> tuple[Bools, Bools, Bools]:
    """Return at which points (N,) a call is legal, holds by its selected rule, and by any: a part at a time."""
    parts = np.array_split(numbers, max(1, len(numbers) // POINTS_TOGETHER))
    outcomes = [analyse_points(call, ParameterColumns.of(scenario, paths, part)) for part in parts]
    legal, holds = (np.concatenate([getattr(one, name) for one in outcomes]) for name in ("legal", "holds"))
    return legal, holds, np.concatenate([one.regimes.holds[:, 1:].max(axis=1) for one in outcomes])


def _world_share(outcome: str, holds: Bools, any_rule: Bools, above: Bools, paths: tuple[str, ...]) -> WorldShare:
    count = max(len(holds), 1)
    share = holds.sum() / count
    mixed = 0 < share < 1
    return WorldShare(
        outcome=outcome,
        holds=float(share),
        any_rule=float(any_rule.sum() / count),
        error=float(np.sqrt(share * (1 - share) / count)),
        number=_best_split(holds, above, paths, 1) if mixed else None,
        pair=_best_split(holds, above, paths, 2) if mixed and len(paths) > 1 else None,
    )


def _best_split(holds: Bools, above: Bools, paths: tuple[str, ...], count: int) -> Split:
    """Return the split by `count` numbers whose shares differ most from the share of all: by variance between parts."""
    halves = np.stack([~above, above], axis=1).astype(np.float64)  # (N, 2, d)
    true = halves * holds[:, None, None]
    if count == 1:
        points, right = halves.sum(axis=0).T, true.sum(axis=0).T  # (d, 2)
    else:
        points, right = (np.einsum("nad,nbe->deab", part, halves, optimize=True) for part in (halves, true))
    with np.errstate(invalid="ignore"):
        shares = right / points
    parts = tuple(range(count, shares.ndim))
    between = np.nansum(points * (shares - holds.mean()) ** 2, axis=parts)
    if count == 2:
        between = np.triu(between, 1)
    best = np.unravel_index(between.argmax(), between.shape)
    return Split(tuple(paths[place] for place in best), shares[best])
