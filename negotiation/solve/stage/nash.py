"""Nash equilibria of a stage game: all extreme ones for two players, pure ones for any number.

Exact: vertices of the two best-response polyhedra with complementary labels, every action being unused or a best reply
(Mangasarian 1964; von Stengel 2002, thm 3.4). Nothing is missed in degenerate games, and every equilibrium has regret
exactly zero in the payoffs as read.

Nashpy is a second opinion: its support enumeration solves the indifference conditions of every pair of supports in
doubles. It misses equilibria of degenerate games and, through a comparison with zero, now and then one of an ordinary
game. Its Lemke-Howson paths are not used, since some never end in larger games (docs/decisions).
"""

import warnings
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from negotiation._time_limit import OutOfTimeError
from negotiation._values import Floats
from negotiation.errors import InputError
from negotiation.games.stage import Profile, StageGame
from negotiation.solve.exact.payoffs import ExactTables, IntegerPayoffs, IntTable, Mix, expected_payoff, integer_payoffs
from negotiation.solve.stage.best_responses import best_response_vertices, maximal_subsets
from negotiation.solve.stage.dominance import best_replies
from negotiation.solve.stage.equilibria import NASHPY, Equilibrium, Finding, NashComponent, NashSubset, StageEquilibria
from negotiation.solve.stage.lemke_howson import lemke_howson

Pair = tuple[Mix, Mix]

EXACT_ACTIONS = 16  # actions of both players together up to which the enumeration is run: 8 x 8 and smaller
SUPPORT_ACTIONS = 12  # actions in all up to which nashpy's enumeration is quick; its cost doubles with each one
ALIKE = 1e-9  # largest difference of a probability between two mixes that count as the same
LEMKE_HOWSON_PATHS = 16  # Lemke-Howson paths followed in larger games, whose list will be incomplete anyway


def stage_equilibria(
    game: StageGame, *, exact: ExactTables | None = None, cross_check: bool = False
) -> StageEquilibria:
    """Return all extreme Nash equilibria of a two-player game, the components they form, and who found them.

    exact: payoffs nested like `game.payoffs` with int, Fraction or text leaves ("1/3"), used instead of the doubles.
    cross_check: also ask nashpy (slow to import) and record what it found. With more than 16 actions in all the result
    holds the pure equilibria and those that at most 16 exact Lemke-Howson paths lead to, and `complete` is False; at a
    time limit it holds what was found by then. Raises `InputError` unless there are two players.

        >>> game = StageGame(("US", "China"), (("C", "D"), ("C", "D")), [[[3, 1], [5, 0]], [[3, 5], [1, 0]]])
        >>> [found.payoffs for found in stage_equilibria(game).equilibria]
        [(1.0, 5.0), (1.6666666666666667, 1.6666666666666667), (5.0, 1.0)]
    """
    if game.n_players != 2:
        hint = "pure_equilibria takes any number of players"
        raise InputError.single("stage game", "players", f"{game.n_players} players, mixed equilibria need two", hint)
    row, column = (integer_payoffs(game, player, exact) for player in (0, 1))
    complete = sum(game.shape) <= EXACT_ACTIONS
    if complete:
        try:
            rows, columns = (best_response_vertices(payoffs.table) for payoffs in (column, row))
        except OutOfTimeError:
            complete = False
    if complete:
        edges = _complementary(rows, columns, game.shape)
        pairs = [(rows[x][0], columns[y][0]) for x, y in edges]
        findings: tuple[Finding, ...] = (Finding("exact vertex enumeration", len(pairs), len(pairs)),)
        if cross_check:
            findings += (_second_opinion(row, column, pairs),)
        components = _components(edges, [mix for mix, _ in rows], [mix for mix, _ in columns])
    else:
        pairs, findings = _some_equilibria(row, column)
        components = tuple(NashComponent((number,), (NashSubset((x,), (y,)),)) for number, (x, y) in enumerate(pairs))
    equilibria = tuple(
        Equilibrium((x, y), (float(expected_payoff(row, x, y)), float(expected_payoff(column, y, x)))) for x, y in pairs
    )
    simplified = row.simplified or column.simplified
    return StageEquilibria(game, equilibria, components, complete, findings, simplified=simplified)


def pure_equilibria(game: StageGame) -> tuple[Profile, ...]:
    """Return every pure Nash equilibrium of a game with any number of players, in the order of `game.profiles()`."""
    best = np.all([best_replies(game, player) for player in range(game.n_players)], axis=0)
    return tuple(tuple(int(index) for index in profile) for profile in np.argwhere(best))


def _complementary(
    rows: list[tuple[Mix, int]], columns: list[tuple[Mix, int]], shape: tuple[int, ...]
) -> list[tuple[int, int]]:
    """Return the pairs of vertices at which every action of either player is unused or a best reply."""
    first, second = shape
    every = (1 << (first + second)) - 1
    turned = [((label >> second) | (label << first)) & every for _, label in columns]
    return [(x, y) for x, (_, label) in enumerate(rows) for y, other in enumerate(turned) if label | other == every]


def _components(edges: list[tuple[int, int]], rows: list[Mix], columns: list[Mix]) -> tuple[NashComponent, ...]:
    number = {edge: place for place, edge in enumerate(edges)}
    components = []
    for subsets in maximal_subsets(edges):
        members = sorted({number[x, y] for left, right in subsets for x in left for y in right})
        pieces = [NashSubset(tuple(rows[x] for x in left), tuple(columns[y] for y in right)) for left, right in subsets]
        components.append(NashComponent(tuple(members), tuple(pieces)))
    return tuple(components)


def _some_equilibria(row: IntegerPayoffs, column: IntegerPayoffs) -> tuple[list[Pair], tuple[Finding, ...]]:
    """Return the pure equilibria and the ends of some Lemke-Howson paths, none twice, and which gave how many."""
    first, second = len(row.table), len(column.table)
    table, other = np.array(row.table, dtype=object), np.array(column.table, dtype=object).T
    best = (table == table.max(axis=0)) & (other == other.max(axis=1, keepdims=True))
    pure = {(_unit(first, i), _unit(second, j)) for i, j in np.argwhere(best).tolist()}
    paths: set[Pair] = set()
    followed, labels = 0, first + second
    count = min(LEMKE_HOWSON_PATHS, labels)
    try:
        for path in range(count):
            paths.add(lemke_howson(row.table, column.table, path * labels // count))
            followed += 1
    except OutOfTimeError:
        pass
    findings = (
        Finding("all pure profiles", len(pure), len(pure)),
        Finding("exact Lemke-Howson paths", len(paths), len(paths), f"from {followed} of {labels} labels"),
    )
    return sorted(pure | paths, reverse=True), findings


def _unit(size: int, action: int) -> Mix:
    return tuple(Fraction(int(k == action)) for k in range(size))


def _second_opinion(row: IntegerPayoffs, column: IntegerPayoffs, pairs: list[Pair]) -> Finding:
    """Return what nashpy finds in the game whose extreme equilibria are `pairs`, and how much of it is right.

    Every equilibrium that support enumeration can return is extreme, so one that is not in `pairs` is not confirmed.
    """
    size = len(row.table) + len(column.table)
    if size > SUPPORT_ACTIONS:
        note = f"not run with more than {SUPPORT_ACTIONS} actions in all"
        return Finding(f"{NASHPY} support enumeration", 0, 0, note, ran=False)
    method, raw = _support_enumeration(row, column)
    exact = [_doubles(pair) for pair in pairs]
    confirmed = sum(1 for mixes in raw if any(_close(mixes, pair) for pair in exact))
    missed = sum(1 for pair in exact if not any(_close(mixes, pair) for mixes in raw))
    return Finding(method, len(raw), confirmed, f"misses {missed} of {len(exact)} extreme equilibria" if missed else "")


def _support_enumeration(row: IntegerPayoffs, column: IntegerPayoffs) -> tuple[str, list[Floats]]:
    """Return the method's name and the distinct equilibria that nashpy finds, each as one vector (x, y)."""
    import nashpy  # most of a second

    game = nashpy.Game(_scaled(row.table), _scaled(column.table).T)
    distinct: list[Floats] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # nashpy warns about every degenerate game
        for x, y in game.support_enumeration():
            mixes = np.concatenate((np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)))
            if not any(_close(mixes, other) for other in distinct):
                distinct.append(mixes)
    return f"{NASHPY} {nashpy.__version__} support enumeration", distinct


def _scaled(table: IntTable) -> Floats:
    """Return a table of integers of any size as doubles in [0, 1]."""
    top = max(cell for line in table for cell in line) or 1
    return np.array([[cell / top for cell in line] for line in table])


def _doubles(pair: Iterable[Mix]) -> Floats:
    return np.array([float(weight) for mix in pair for weight in mix])


def _close(one: Floats, other: Floats) -> bool:
    return bool(np.abs(one - other).max() <= ALIKE)
