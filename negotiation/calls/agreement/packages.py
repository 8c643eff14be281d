"""Packages: what a call delivers of each instrument, the least of one, and the cheapest of all.

Amounts of audience cost, compensation, side payment and US commitment come from the linear programme of
`linear_programme`; verification and patience change its coefficients and are searched over outside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from operator import itemgetter, methodcaller
from typing import TypeVar

import numpy as np
from scipy.optimize import minimize_scalar

from negotiation._values import Floats, FrozenMap, Value
from negotiation.calls.agreement.instruments import (
    COMPENSATION,
    PATIENCE,
    VERIFICATION,
    AgreementProblem,
    Punishment,
    punishments,
)
from negotiation.calls.agreement.linear_programme import (
    LINEAR,
    VARIABLES,
    AgreementProgramme,
    Bounds,
    optimum,
    relaxations,
)

Searched = TypeVar("Searched")
DELIVERED = 1e-9  # amount beyond the present that counts as delivered: less is what HiGHS may leave
# values tried before halving: more find a package that exists only on a short stretch, at so many more programmes
SCAN = 9
HALVINGS = 28  # of a step of the scan, so that an amount is known to 1e-9 of its range; each costs one more programme
CLOSE_ENOUGH = 1e-10  # bounds the width at which halving stops, in the instrument's unit: below it rounding decides
# points of the grid on which the cheapest package is first looked for, by axis; their product counts the programmes
COARSE = {VERIFICATION: 5, PATIENCE: 3}
NO_SAVING = 1e-12  # of cost per month: below it the grid point is as good
REFINED = 16  # most steps of the search around the best point of that grid
REFINED_WIDTH = 1e-6  # bounds the error of that search, as a share or a discount factor


class Package(Value, kw_only=True):
    """What a call delivers: `amounts` by instrument, the `threat` behind it and what it costs player 1 in a low month
    (`stake`).

    cost: what it burns on the path each month plus the price of what is delivered beyond the present. binding: rows and
    caps that bind. values: of both players relative to the deal kept smoothly and without transfers.
    """

    amounts: FrozenMap[float]
    threat: Punishment
    stake: float
    cost: float
    binding: tuple[str, ...]
    values: tuple[float, float]

    def used(self, problem: AgreementProblem) -> dict[str, float]:
        """Return what is delivered beyond the present amounts."""
        return {key: x for key, x in self.amounts.items() if x > problem.instruments[key].present + DELIVERED}


def least_package(problem: AgreementProblem, key: str, others: Mapping[str, float] | None = None) -> Package | None:
    """Return the package with the least amount of one instrument, all others as at present (or as in `others`).

    None when even its cap is not enough.
    """
    instrument = problem.instruments[key]
    fixed = {**problem.present, **(others or {})}

    def amount(programme: AgreementProgramme) -> AgreementProgramme:
        return replace(programme, objective=np.array([float(name == key) for name in VARIABLES]))

    if key in LINEAR:
        return _best_between(problem, fixed, {**fixed, key: instrument.cap}, amount)
    return least_by_halving(instrument.present, instrument.cap, lambda x: feasible_package(problem, {**fixed, key: x}))


def least_by_halving(
    present: float,
    cap: float,
    answer_at: Callable[[float], Searched | None],
    scan: int = SCAN,
    halvings: int = HALVINGS,
    close_enough: float = CLOSE_ENOUGH,
) -> Searched | None:
    """Return the answer at the least value from `present` to `cap` at which there is one; scanned, then halved."""
    low = None
    for x in np.linspace(present, cap, scan).tolist():
        answer = answer_at(x)
        if answer is not None:
            break
        low = x
    if answer is None or low is None:
        return answer
    high = x
    for _ in range(halvings):
        middle = 0.5 * (low + high)
        there = answer_at(middle)
        low, high, answer = (low, middle, there) if there is not None else (middle, high, answer)
        if high - low < close_enough:
            break
    return answer


def feasible_package(problem: AgreementProblem, amounts: Mapping[str, float]) -> Package | None:
    """Return a package with exactly these amounts, the response chosen to burn least; None when none enforces."""
    return _best_between(problem, amounts, amounts)


def cheapest_package(problem: AgreementProblem) -> Package | None:
    """Return the package with the least cost between present amounts and caps; None when nothing enforces the deal."""
    axes: dict[str, list[float]] = {}
    for key, instrument in problem.instruments.items():
        if key in COARSE:
            points = COARSE[key] if instrument.cap > instrument.present else 1
            axes[key] = np.linspace(instrument.present, instrument.cap, points).tolist()
    grid = [dict(zip(axes, point, strict=True)) for point in product(*axes.values())]
    packages = [(_cheapest_at(problem, point), point) for point in grid]
    costs = [(package.cost, *point.values()) for package, point in packages if package is not None]
    if not costs:
        return None
    best = dict(zip(axes, min(costs)[1:], strict=True))
    for key, axis in axes.items():
        best[key] = _refined(problem, key, axis, best)
    return _cheapest_at(problem, best)


def worst_package(problem: AgreementProblem, player: int) -> Package | None:
    """Return the package that leaves a player least and that both still sign, at present verification and patience.

    None when there is no such package.
    """
    fixed = {key: amount for key, amount in problem.present.items() if key in COARSE}
    return _best_between(problem, problem.present, {**problem.caps, **fixed}, methodcaller("signed", player))


def blocking_constraints(
    problem: AgreementProblem, amounts: Mapping[str, float] | None = None
) -> tuple[tuple[str, str, float], ...]:
    """Return what blocks the deal with everything (or with `amounts`) at its cap: (threat, row or cap, by how much).

    Verification and patience are at their caps or as at present, whichever is better. An amount is how far that row or
    cap alone would have to give way; empty where no single one is enough, or where nothing can be threatened at all.
    """
    high = problem.caps if amounts is None else amounts
    searched = [key for key in COARSE if key in high]
    least: dict[tuple[str, str], float] = {}
    # more patience is not always better: an exit's cost counts once, what is lost by staying every month
    for corner in product(*(sorted({problem.present[key], high[key]}) for key in searched)):
        pact = problem.pact(dict(zip(searched, corner, strict=True)))
        for threat in punishments(pact):
            for name, by in relaxations(pact, threat, _bounds(problem.present, high)).items():
                least[threat.label, name] = min(by, least.get((threat.label, name), by))
    return tuple((threat, name, by) for (threat, name), by in least.items())


def _refined(problem: AgreementProblem, key: str, axis: list[float], best: Mapping[str, float]) -> float:
    """Return the value near a grid point at which the cost is least, the grid point itself if nothing is better."""
    chosen = best[key]
    if len(axis) == 1:
        return chosen
    position = axis.index(chosen)
    start = _cheapest_at(problem, best)
    forbidding = 1.0 if start is None else 1.0 + 10 * abs(start.cost)  # finite, for the parabolas of the search

    def cost(x: float) -> float:
        package = _cheapest_at(problem, {**best, key: x})
        return forbidding if package is None else package.cost

    bounds = axis[max(position - 1, 0)], axis[min(position + 1, len(axis) - 1)]
    answer = minimize_scalar(
        cost, bounds=bounds, method="bounded", options={"xatol": REFINED_WIDTH, "maxiter": REFINED}
    )
    return float(answer.x) if cost(float(answer.x)) < cost(chosen) - NO_SAVING else chosen


def _cheapest_at(problem: AgreementProblem, searched: Mapping[str, float]) -> Package | None:
    return _best_between(problem, {**problem.present, **searched}, {**problem.caps, **searched})


def _best_between(
    problem: AgreementProblem,
    low: Mapping[str, float],
    high: Mapping[str, float],
    aim: Callable[[AgreementProgramme], AgreementProgramme] | None = None,
) -> Package | None:
    """Return the best package between bounds, at the verification and patience of `low`; the cheapest without an aim.

    Of threats that do as well, the one that burns least.
    """
    searched = {key: low[key] for key in COARSE if key in low}
    pact, bounds = problem.pact(searched), _bounds(low, high)
    prices = np.array([*(problem.instruments[key].price for key in LINEAR), 0.0])

    def cheapest(programme: AgreementProgramme) -> AgreementProgramme:
        return replace(programme, objective=programme.burn + prices)

    ranked = []
    for threat in punishments(pact):
        solved = optimum(pact, threat, bounds, aim or cheapest)
        if solved is not None:
            programme, point = solved
            rank = tuple(round(float(row @ point), 10) for row in (programme.objective, programme.burn))
            ranked.append((rank, package_at(problem, threat, searched, *solved)))
    return min(ranked, key=itemgetter(0))[1] if ranked else None


def _bounds(low: Mapping[str, float], high: Mapping[str, float]) -> Bounds:
    # a compensation clause lets up to its amount be asked, so the least that may be asked stays at nothing
    return (*((0.0 if key == COMPENSATION else low[key], high[key]) for key in LINEAR), (0.0, np.inf))


def package_at(
    problem: AgreementProblem,
    threat: Punishment,
    searched: Mapping[str, float],
    programme: AgreementProgramme,
    point: Floats,
) -> Package:
    """Return the package at a point of the programme of one threat, for given verification and patience."""
    amounts = {**dict(zip(LINEAR, point.tolist(), strict=False)), **searched}
    priced = problem.instruments.items()
    return Package(
        amounts=FrozenMap({key: float(amounts[key]) for key in problem.instruments}),
        threat=threat,
        stake=float(point[len(LINEAR)]),
        cost=float(programme.burn @ point) + sum(each.price * (amounts[key] - each.present) for key, each in priced),
        binding=programme.binding(point),
        values=tuple((programme.values @ point).tolist()),
    )
