"""Packages: what a call delivers of each instrument, the least of one, and the cheapest of all.

Amounts of audience cost, compensation, side payment and US commitment come from the linear programme of
`deliver_design`; verification and patience change its coefficients and are searched over outside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import minimize_scalar

from negotiation._values import Floats, Value
from negotiation.calls.agreement.instruments import COMPENSATION, PATIENCE, VERIFICATION, AgreementProblem, Punishment
from negotiation.calls.agreement.linear_programme import (
    VARIABLES,
    AgreementProgramme,
    ProgrammePoint,
    least_of,
    optimal_point,
    relaxations,
)

LINEAR = VARIABLES[:4]
SEARCHED = (VERIFICATION, PATIENCE)
SCAN, HALVINGS = 9, 28
COARSE_VERIFICATION, COARSE_PATIENCE, REFINED = 5, 3, 16


@dataclass(frozen=True, eq=False)
class Package(Value):
    """What a call delivers: `amounts` by instrument, the `threat` behind it and what it costs player 1 in a low month
    (`stake`).

    cost: what it burns on the path each month plus the price of what is delivered beyond the present. binding: rows and
    caps that bind. values: of both players relative to the deal kept smoothly and without transfers.
    """

    amounts: tuple[tuple[str, float], ...]
    threat: Punishment
    stake: float
    cost: float
    binding: tuple[str, ...]
    values: tuple[float, float]

    def amount(self, key: str) -> float:
        """Return the amount of an instrument."""
        return dict(self.amounts)[key]

    def used(self, bench: AgreementProblem, tolerance: float = 1e-9) -> dict[str, float]:
        """Return what is delivered beyond the present amounts."""
        present = bench.present
        return {key: x for key, x in self.amounts if x > present[key] + tolerance}


def least_package(bench: AgreementProblem, key: str, others: Mapping[str, float] | None = None) -> Package | None:
    """Return the package with the least amount of one instrument, all others as at present (or as in `others`).

    None when even its cap is not enough. Raises `InputError` for an instrument that does not exist.
    """
    item = bench.instrument(key)
    fixed = {**bench.present, **(others or {})}
    if key in LINEAR:
        objective = np.array([float(name == key) for name in VARIABLES])
        return _solved(bench, fixed, {**fixed, key: item.cap}, objective)
    return least_by_halving(item.present, item.cap, lambda x: feasible_package(bench, {**fixed, key: x}))


def least_by_halving(present: float, cap: float, found: Callable[[float], Package | None]) -> Package | None:
    """Return the package at the least value from `present` to `cap` at which there is one; scanned, then halved."""
    grid = np.linspace(present, cap, SCAN)
    low = None
    for x in grid:
        package = found(float(x))
        if package is not None:
            break
        low = float(x)
    else:
        return None
    high = float(x)
    if low is None:
        return package
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        tried = found(middle)
        low, high, package = (low, middle, tried) if tried is not None else (middle, high, package)
        if high - low < 1e-10:
            break
    return package


def feasible_package(bench: AgreementProblem, amounts: Mapping[str, float]) -> Package | None:
    """Return a package with exactly these amounts, the response chosen to burn least; None when none enforces."""
    return _solved(bench, amounts, amounts, None)


def cheapest_package(bench: AgreementProblem) -> Package | None:
    """Return the package with the least cost between present amounts and caps; None when nothing enforces the deal."""
    verification = _axis(bench, VERIFICATION, COARSE_VERIFICATION)
    patience = _axis(bench, PATIENCE, COARSE_PATIENCE)
    start = [(_cheapest_at(bench, v, d), v, d) for v in verification for d in patience]
    known = [(package.cost, v, d) for package, v, d in start if package is not None]
    if not known:
        return None
    _, v, d = min(known)
    v = _refined(bench, VERIFICATION, verification, v, lambda x: _cheapest_at(bench, x, d))
    d = _refined(bench, PATIENCE, patience, d, lambda x: _cheapest_at(bench, v, x))
    return _cheapest_at(bench, v, d)


def worst_package(bench: AgreementProblem, player: int) -> Package | None:
    """Return the package that leaves a player least and that both still sign, at present verification and patience.

    None when there is no such package.
    """
    present, caps = bench.present, {item.key: item.cap for item in bench.instruments}
    fixed = {key: present[key] for key in SEARCHED if key in present}
    terms = bench.terms(present.get(VERIFICATION, 0.0), present[PATIENCE])

    def worth(found: AgreementProgramme) -> Floats:
        return found.first_value if player == 0 else found.second_value

    chosen = least_of(
        [optimal_point(terms, threat, {**present, **fixed}, {**caps, **fixed}, worth, True) for threat in terms.threats]
    )
    return None if chosen is None else _package(bench, chosen, fixed)


def blocking_constraints(
    bench: AgreementProblem, amounts: Mapping[str, float] | None = None
) -> dict[str, dict[str, float]]:
    """Return, for each threat, what blocks the deal with everything (or with `amounts`) at its cap, and by how much.

    Verification and patience are at their caps or as at present, whichever is better. An amount is how far that row or
    cap alone would have to give way; a threat without rows is one for which no single one is enough. Empty where
    nothing can be threatened at all.
    """
    high = {item.key: item.cap for item in bench.instruments} if amounts is None else dict(amounts)
    corners = {key: sorted({bench.present[key], high[key]}) for key in SEARCHED if key in high}
    answer: dict[str, dict[str, float]] = {}
    # more patience is not always better: an exit's cost counts once, what is lost by staying every month
    for verification, patience in product(corners.get(VERIFICATION, [0.0]), corners[PATIENCE]):
        terms = bench.terms(verification, patience)
        for threat in terms.threats:
            rows = relaxations(terms, threat, bench.present, high)
            known = answer.setdefault(threat.label, {})
            known |= {name: min(by, known.get(name, by)) for name, by in rows.items()}
    return answer


def _axis(bench: AgreementProblem, key: str, count: int) -> list[float]:
    if key not in bench.keys:
        return [0.0]
    item = bench.instrument(key)
    return [float(x) for x in np.linspace(item.present, item.cap, count if item.cap > item.present else 1)]


def _refined(
    bench: AgreementProblem, key: str, axis: list[float], chosen: float, found: Callable[[float], Package | None]
) -> float:
    """Return the value near a grid point at which the cost is least, the grid point itself if nothing is better."""
    if key not in bench.keys or len(axis) == 1:
        return chosen
    at = axis.index(chosen)
    low, high = axis[max(at - 1, 0)], axis[min(at + 1, len(axis) - 1)]
    start = found(chosen)
    forbidding = 1.0 if start is None else 1.0 + 10 * abs(start.cost)  # finite, for the parabolas of the search

    def cost(x: float) -> float:
        package = found(x)
        return forbidding if package is None else package.cost

    answer = minimize_scalar(cost, bounds=(low, high), method="bounded", options={"xatol": 1e-6, "maxiter": REFINED})
    return float(answer.x) if cost(float(answer.x)) < cost(chosen) - 1e-12 else chosen


def _cheapest_at(bench: AgreementProblem, verification: float, patience: float) -> Package | None:
    present, caps = bench.present, {item.key: item.cap for item in bench.instruments}
    fixed = {key: x for key, x in ((VERIFICATION, verification), (PATIENCE, patience)) if key in present}
    return _solved(bench, {**present, **fixed}, {**caps, **fixed}, None)


def _solved(
    bench: AgreementProblem, low: Mapping[str, float], high: Mapping[str, float], objective: Floats | None
) -> Package | None:
    """Return the best package between bounds, at the verification and patience of `low`; by cost without objective."""
    fixed = {key: low[key] for key in SEARCHED if key in low}
    terms = bench.terms(fixed.get(VERIFICATION, 0.0), fixed[PATIENCE])
    prices = np.array([*(bench.instrument(key).price for key in LINEAR), 0.0])

    # a compensation clause lets up to its amount be asked, so the least that may be asked stays where it is
    floor = {**low, COMPENSATION: min(low[COMPENSATION], bench.present[COMPENSATION])}

    def goal(found: AgreementProgramme) -> Floats:
        return found.burn + prices if objective is None else objective

    chosen = least_of([optimal_point(terms, threat, floor, high, goal) for threat in terms.threats])
    return None if chosen is None else _package(bench, chosen, fixed)


def _package(bench: AgreementProblem, chosen: ProgrammePoint, fixed: Mapping[str, float]) -> Package:
    amounts = {**dict(zip(LINEAR, chosen.amounts, strict=False)), **fixed}
    price = sum(item.price * (amounts[item.key] - item.present) for item in bench.instruments)
    ordered = tuple((key, float(amounts[key])) for key in bench.keys)
    stake = chosen.amounts[-1]
    return Package(ordered, chosen.threat, stake, chosen.burn + price, chosen.binding, chosen.values)
