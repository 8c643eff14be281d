"""Printed payoff sets, bounds, gap, status and sentences against the sets that a certificate proves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import CHECKED, Status, words
from negotiation.verify.claims import ProvenSets
from negotiation.verify.printed_game import PAYOFF_ROUNDING, PRINTED_TOLERANCE, by_state
from negotiation.verify.reading import Entry, double, short_repr
from negotiation.verify.scaled import BITS, HalfPlanes

SOLVED_GAP = 1e-6  # a gap that counts as solved whatever the tolerance of the options
BOUNDS = ("none_below", "some_as_low_as", "some_as_high_as", "none_above")
GRID_UNIT = 2.0**BITS  # what the directions and levels of a certificate are integers over


def sets_differences(printed: Entry, sets: ProvenSets, proven: str) -> list[str]:
    """Return in what printed sets, and what is said of them, differ from the certificate's, a clause each."""
    answer = _read(printed, sets)
    clauses = [
        *_convex(answer, sets),
        *_inner(answer, sets),
        *_outer(answer, sets),
        *_gap(answer, sets),
        *_bounds(printed, answer, sets),
    ]
    return [*clauses, *_status(printed, answer, sets), *_words(printed, answer, sets, proven)]


@dataclass(frozen=True, kw_only=True)
class PrintedAnswer:
    """A printed answer as read: sets in the units of the game and normalised, gap, status, notes, slack."""

    inner: list[PayoffSet]
    outer: list[PayoffSet]
    unit_inner: list[PayoffSet]
    unit_outer: list[PayoffSet]
    gap: float
    status: Status
    notes: list[str]
    slack: float


def _read(printed: Entry, sets: ProvenSets) -> PrintedAnswer:
    name = printed.field("status").text().upper()
    if name not in Status.__members__:
        allowed = ", ".join(member.lower() for member in Status.__members__)
        raise printed.field("status").fault(f"is {short_repr(name.lower())}", f"allowed: {allowed}")
    inner, outer = (
        [_payoff_set([point.numbers(2) for point in row.items()]) for row in by_state(printed.field(key), sets.game)]
        for key in ("inner", "outer")
    )
    largest = [max(max(map(abs, state.payoffs[i])) for state in sets.game.states) / sets.units.scale[i] for i in (0, 1)]
    return PrintedAnswer(
        inner=inner,
        outer=outer,
        unit_inner=[_normalised(payoff_set, sets) for payoff_set in inner],
        unit_outer=[_normalised(payoff_set, sets) for payoff_set in outer],
        gap=printed.field("gap").number(infinite=True),
        status=Status[name],
        notes=list(printed.optional("notes", []).texts()),
        slack=PRINTED_TOLERANCE + PAYOFF_ROUNDING * double(max(largest)),
    )


def _payoff_set(points: Sequence[Sequence[float]]) -> PayoffSet:
    return PayoffSet(np.array(points, dtype=np.float64).reshape(-1, 2))


def _normalised(payoff_set: PayoffSet, sets: ProvenSets) -> PayoffSet:
    return _payoff_set(
        [
            [double((Fraction(x) - low) / size) for x, low, size in zip(row, *sets.units, strict=True)]
            for row in payoff_set.vertices.tolist()
        ]
    )


def _excess(points: PayoffSet, region: PayoffSet) -> float:
    """Return how far the points reach out of a region, both normalised; 0 without points."""
    return 0.0 if points.is_empty else double(region.distances(points.vertices).max())


def _convex(answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    """A printed set is told by its corners, counter-clockwise: only then do the comparisons below speak of it."""
    for key, printed in (("inner", answer.unit_inner), ("outer", answer.unit_outer)):
        for s, printed_set in enumerate(printed):
            here = printed_set.vertices
            before, after = np.roll(here, 1, axis=0), np.roll(here, -1, axis=0)
            if len(here) < 3:
                continue
            chord, away, side = after - before, here - before, after - here
            inward = chord[:, 0] * away[:, 1] - chord[:, 1] * away[:, 0]
            angle = np.arctan2(side[:, 1], side[:, 0])
            turned = (np.diff(angle, append=angle[:1]) + np.pi) % (2 * np.pi) - np.pi
            if (inward > answer.slack * np.hypot(*chord.T)).any() or round(double(turned.sum() / (2 * np.pi))) != 1:
                yield f"{key}{sets.game.where(s)}: the points are not the corners of a convex set, counter-clockwise"


def _inner(answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    for s, printed_set in enumerate(answer.unit_inner):
        where = f"inner{sets.game.where(s)}"
        if s in sets.empty and not printed_set.is_empty:
            yield f"{where}: payoffs are printed, but there is no equilibrium"
        if sets.inner is None:
            continue
        proven = PayoffSet(np.array([[double(x) for x in vertex] for vertex in sets.inner[s]]))
        if _excess(printed_set, proven) > answer.slack:
            yield f"{where}: reaches beyond the set that is proven"
        if _excess(proven, printed_set) > answer.slack:
            yield f"{where}: leaves out a part of the set that is proven"


def _outer(answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    if sets.planes is None:
        return
    slack = answer.slack
    if answer.status is Status.EXACT and sets.gap is not None:
        slack += double(sets.gap)  # the exact outer set is the inner one; the certificate's lies that close around it
    for s, printed_set in enumerate(answer.unit_outer):
        where = f"outer{sets.game.where(s)}"
        if (s in sets.empty) != printed_set.is_empty:
            yield f"{where}: is printed as {printed_set.kind}, the certificate proves otherwise"
            continue
        if printed_set.is_empty:
            continue
        sides = np.array(
            [[side.x / GRID_UNIT, side.y / GRID_UNIT, side.level / GRID_UNIT] for side in sets.planes.sides[s]]
        )
        if (printed_set.vertices @ sides[:, :2].T - sides[:, 2]).max() > slack:
            yield f"{where}: reaches beyond the set that is proven"
        if _leaves_out(printed_set, sets.planes, s, slack):
            yield f"{where}: leaves out payoffs that the certificate does not exclude"


def _leaves_out(region: PayoffSet, planes: HalfPlanes, state: int, slack: float) -> bool:
    """Whether the half-planes reach beyond a set along an axis or an outward normal of its sides."""
    side = np.roll(region.vertices, -1, axis=0) - region.vertices
    length = np.hypot(side[:, 0], side[:, 1])
    normal = np.stack([side[:, 1], -side[:, 0]], axis=1)[length > 0] / length[length > 0, None]
    for direction in [*np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]), *normal]:
        bound = planes.bound(state, *(round(double(number) * GRID_UNIT) for number in direction))
        if bound is None or double(Fraction(bound[0], bound[2])) / GRID_UNIT > region.support(direction) + slack:
            return True
    return False


def _gap(answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    if answer.status is Status.EXACT or len(sets.empty) == len(sets.game.states):
        proven = 0.0
    elif sets.gap is not None:
        proven = double(sets.gap)
    else:
        proven = max(
            (_excess(high, low) for high, low in zip(answer.unit_outer, answer.unit_inner, strict=True)),
            default=0.0,
        )
    if not (answer.gap == proven or abs(answer.gap - proven) <= answer.slack):
        yield f"gap: {answer.gap:.10g} is printed, {proven:.10g} is proven"


def _bounds(printed: Entry, answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    if "bounds" not in printed.object():
        return
    for s, row in enumerate(by_state(printed.field("bounds"), sets.game)):
        for i, player in enumerate(sets.game.players):
            for name in BOUNDS:
                payoffs = (answer.outer if name.startswith("none") else answer.inner)[s].vertices[:, i]
                bound = row.field(player).field(name)
                if bound.value is None or not len(payoffs):
                    same = bound.value is None and not len(payoffs)
                else:
                    proven = double(payoffs.min() if name in BOUNDS[:2] else payoffs.max())
                    same = abs(bound.number() - proven) <= answer.slack * double(sets.units.scale[i])
                if not same:
                    yield f"bounds{sets.game.where(s)}: {name} of {player} is not that of the sets"


def _status(printed: Entry, answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    """Compare the status with what is proven: both sets and their gap, one set only, or no equilibrium at all."""
    options = printed.object().get("options")
    asked = Entry(options, "options").optional("gap", 0.0).number() if isinstance(options, dict) else 0.0
    tolerance = max(asked, SOLVED_GAP)
    if len(sets.empty) == len(sets.game.states):
        allowed = {Status.EMPTY}
    elif sets.gap is None:
        allowed = set(Status) - {Status.EMPTY, Status.EXACT, Status.CHECKED}
        if answer.gap > tolerance:
            allowed -= {Status.SOLVED}
    elif sets.gap <= tolerance:
        allowed = {Status.CHECKED} | ({Status.EXACT} if sets.gap <= SOLVED_GAP else set())
    else:
        allowed = {Status.GAP, Status.KNIFE_EDGE}
    if answer.status not in allowed:
        yield f"status: {answer.status.name.lower()} is printed, the certificate does not bear it out"
    names = [state.name for state in sets.game.states]
    if [name.value for name in printed.optional("states", names).items()] != names:
        yield "states: the names are not the certificate's"


def _words(printed: Entry, answer: PrintedAnswer, sets: ProvenSets, proven: str) -> Iterator[str]:
    for note in answer.notes:
        if note.startswith(CHECKED) and note != f"{CHECKED}{proven}.":
            yield "notes: what is said to be checked is not what the certificate proves"
    names = [state.name for state in sets.game.states]
    said = words(answer.status, answer.gap, names, inner=answer.inner, outer=answer.outer, notes=answer.notes)
    if printed.optional("words", said).value != said:
        yield "words: the sentences do not say what the other entries do"
