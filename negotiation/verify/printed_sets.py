"""Printed payoff sets, bounds, gap, status and sentences against the sets that a certificate proves."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from negotiation._values import Floats
from negotiation.games.payoff_set import PayoffSet
from negotiation.games.solution import BOUNDS, CHECKED_EXACTLY, Status, payoff_bounds, words
from negotiation.verify.claims import ProvenSets
from negotiation.verify.inner import Point
from negotiation.verify.printed_game import PAYOFF_ROUNDING, PRINTED_TOLERANCE, by_state
from negotiation.verify.reading import Entry, double, short_repr
from negotiation.verify.scaled import Side

SOLVED_GAP = 1e-6  # a gap that counts as solved whatever the tolerance of the options
BEYOND = Fraction(1 << 20)  # normalised: a set that reaches this far is not bounded by its half-planes


class PrintedAnswer(NamedTuple):
    """A printed answer as read: by key and state its sets, in units of the game; `scale` (2,) is the payoff range."""

    sets: dict[str, list[PayoffSet]]
    scale: Floats
    gap: float
    status: Status
    notes: list[str]


def sets_differences(printed: Entry, sets: ProvenSets, proven: str) -> Iterator[str]:
    """Yield in what printed sets, and what is said of them, differ from the certificate's, a clause each."""
    answer = _read(printed, sets)
    outer = None if sets.planes is None else [_corners(sides) for sides in sets.planes.sides]
    for key, by_vertices in (("inner", sets.inner), ("outer", outer)):
        for s, printed_set in enumerate(answer.sets[key]):
            corners = None if by_vertices is None else [] if s in sets.empty else by_vertices[s]
            clauses = _polygon(answer, printed_set, corners, sets, key == "outer")
            yield from (f"{key}{sets.game.where(s)}: {clause}" for clause in clauses)
    yield from _gap(answer, sets)
    if "bounds" in printed.object():
        yield from _bounds(printed.field("bounds"), answer, sets)
    yield from _status(printed, answer, sets)
    yield from _sentences(printed, answer, sets, proven)


def _read(printed: Entry, sets: ProvenSets) -> PrintedAnswer:
    name = printed.field("status").text().upper()
    if name not in Status.__members__:
        allowed = ", ".join(member.lower() for member in Status.__members__)
        raise printed.field("status").fault(f"is {short_repr(name.lower())}", f"allowed: {allowed}")
    drawn = {
        key: [np.reshape(row.table((None, 2)), (-1, 2)) for row in by_state(printed.field(key), sets.game)]
        for key in ("inner", "outer")
    }
    return PrintedAnswer(
        sets={key: [PayoffSet(vertices) for vertices in rows] for key, rows in drawn.items()},
        scale=np.array([double(size) for size in sets.units.scale]),
        gap=printed.field("gap").number(infinite=True),
        status=Status[name],
        notes=list(printed.optional("notes", []).texts()),
    )


def _corners(sides: Sequence[Side]) -> list[Point]:
    """Return where sides meet, counter-clockwise: a large square that each of them cuts (Sutherland, Hodgman 1974)."""
    corners = [(-BEYOND, -BEYOND), (BEYOND, -BEYOND), (BEYOND, BEYOND), (-BEYOND, BEYOND)]
    for side in sides:
        ring = [(corner, side.x * corner[0] + side.y * corner[1] - side.level) for corner in corners]
        corners = []
        for (here, out), (ahead, beyond) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            if out <= 0:
                corners.append(here)
            if out * beyond < 0:
                share = out / (out - beyond)
                corners.append((here[0] + share * (ahead[0] - here[0]), here[1] + share * (ahead[1] - here[1])))
    return corners


def _polygon(
    answer: PrintedAnswer, printed: PayoffSet, corners: Sequence[Point] | None, sets: ProvenSets, outer: bool
) -> Iterator[str]:
    """Compare a set of one state with the one that is proven, of which the corners are known unless none is proven."""
    if not _is_convex(printed.vertices / answer.scale):
        yield "the points are not the corners of a convex set, counter-clockwise"
    if corners is None:
        return
    slack = PRINTED_TOLERANCE
    if outer and answer.status is Status.EXACT and sets.gap is not None:
        slack += double(sets.gap)  # the exact outer set is the inner one; the certificate's lies that close around it
    exact = [[low + size * x for low, size, x in zip(*sets.units, corner, strict=True)] for corner in corners]
    proven = PayoffSet(np.reshape([[double(x) for x in corner] for corner in exact], (-1, 2)))
    if not printed.within(proven, slack, answer.scale):
        yield "reaches beyond the set that is proven"
    if not proven.within(printed, slack, answer.scale):
        yield "leaves out a part of the set that is proven"


@np.errstate(over="ignore", invalid="ignore")  # printed numbers may be any; a comparison with NaN fails
def _is_convex(corners: Floats) -> bool:
    """Whether points, as shares of the payoff range, are distinct and each lies to the left of every side."""
    along = np.roll(corners, -1, axis=0) - corners
    away = corners[None, :, :] - corners[:, None, :]
    left = along[:, None, 0] * away[:, :, 1] - along[:, None, 1] * away[:, :, 0]
    slack = PRINTED_TOLERANCE + PAYOFF_ROUNDING * np.abs(corners).max(initial=0.0)
    distinct = len(np.unique(corners, axis=0)) == len(corners)
    return distinct and bool((left >= -slack * np.hypot(*along.T)[:, None]).all())


def _gap(answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    if answer.status is Status.EXACT or len(sets.empty) == len(sets.game.states):
        proven = 0.0
    elif sets.gap is not None:
        proven = double(sets.gap)
    else:
        pairs = zip(answer.sets["outer"], answer.sets["inner"], strict=True)
        proven = max(outer.excess(inner, answer.scale) for outer, inner in pairs)
    if not (answer.gap == proven or abs(answer.gap - proven) <= PRINTED_TOLERANCE):
        yield f"gap: {answer.gap:.10g} is printed, {proven:.10g} is proven"


def _bounds(printed: Entry, answer: PrintedAnswer, sets: ProvenSets) -> Iterator[str]:
    table, slack = payoff_bounds(**answer.sets), PRINTED_TOLERANCE * answer.scale
    for s, row in enumerate(by_state(printed, sets.game)):
        for i, player in enumerate(sets.game.players):
            entries = [row.field(player).field(name) for name in BOUNDS]
            bounds = [np.nan if entry.value is None else entry.number() for entry in entries]
            if not np.allclose(bounds, table[s, i], rtol=0.0, atol=slack[i], equal_nan=True):
                yield f"bounds{sets.game.where(s)}: those of {player} are not those of the sets"


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


def _sentences(printed: Entry, answer: PrintedAnswer, sets: ProvenSets, proven: str) -> Iterator[str]:
    """Compare names of states, the note on what was checked, and the words."""
    names = [state.name for state in sets.game.states]
    if [name.value for name in printed.optional("states", names).items()] != names:
        yield "states: the names are not the certificate's"
    if any(note.startswith(CHECKED_EXACTLY) and note != f"{CHECKED_EXACTLY}{proven}." for note in answer.notes):
        yield "notes: what is said to be checked is not what the certificate proves"
    said = words(answer.status, answer.gap, names, **answer.sets, notes=answer.notes)
    if printed.optional("words", said).value != said:
        yield "words: the sentences do not say what the other entries do"
