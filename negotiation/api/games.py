"""What is asked of a game of one's own. Wherever a `game` is wanted, anything that `game()` takes does as well."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from negotiation.api.arguments import items_of, number_of, refusal, scenario_of, whole_of
from negotiation.calls.proofs.thresholds import scenario_threshold
from negotiation.errors import InputError, nearest
from negotiation.games.conversion import TAKEN, game_from
from negotiation.games.dynamic import AnyGame, DynamicGame, OneShotGame
from negotiation.games.solution import Solution
from negotiation.games.stage import Monitoring, Profile, StageGame
from negotiation.solve.payoff_sets import solver
from negotiation.solve.scores import limit_set
from negotiation.solve.stage import nash
from negotiation.solve.stage.dominance import Elimination, iterated_strict_dominance
from negotiation.solve.stage.equilibria import StageEquilibria
from negotiation.solve.strategies.construction import supporting_strategy
from negotiation.solve.strategies.public_strategy import PublicStrategy
from negotiation.solve.thresholds.claims import CanPlay, Claim, FillsShare, LossBelow
from negotiation.solve.thresholds.threshold import HIGHEST, LOWEST, Threshold, discount_threshold, monotone_threshold
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import pact_game

PROBES = 5  # values at which a family of games is asked whether it is monotone
WRITE_DISCOUNT = "write discount='9/10'"


def game(*payoffs: Any, discount: Any = None, monitoring: Any = None) -> AnyGame:
    """Return a game from what people have: two matrices, one table with a pair in each cell, a dict, a file, an object.

    payoffs: matrices of numbers, or texts such as "1/3", which are meant exactly; a dict with the keys of a game file;
    a path (docs/game-files.md); a `nashpy.Game`, a QuantEcon `NormalFormGame`, a pygambit `Game`; a game of this
    package. discount: a number, or a text such as "9/10", in (0, 1); with one the game is played again and again.
    monitoring: likelihood of the public signals, (rows, columns, signals); without it every action is seen.

    >>> import negotiation as ng
    >>> ng.game([[3, 0], [5, 1]], [[3, 5], [0, 1]], discount="1/2").discount
    0.5
    """
    if not 1 <= len(payoffs) <= 2:
        raise InputError.single("game", "", f"{len(payoffs)} tables are given, not one or two", TAKEN)
    if len(payoffs) == 2 and payoffs[1] is None:
        raise refusal("game", None, "a matrix", TAKEN)
    return _with_monitoring(game_from(*payoffs, discount=_factor(discount)), monitoring)


def pure_equilibria(game: Any) -> tuple[Profile, ...]:
    """Return every Nash equilibrium in pure actions of a one-shot game, as action numbers."""
    return nash.pure_equilibria(_stage(game))


def stage_equilibria(game: Any) -> StageEquilibria:
    """Return all extreme Nash equilibria of a two-player one-shot game, exactly, and the components they form.

    >>> import negotiation as ng
    >>> len(ng.stage_equilibria(ng.game([[3, 1], [5, 0]], [[3, 5], [1, 0]])).equilibria)
    3
    """
    return nash.stage_equilibria(_stage(game), cross_check=True)


def iterated_dominance(game: Any) -> Elimination:
    """Return what is left when strictly dominated actions go, round by round (dominance by mixes included)."""
    return iterated_strict_dominance(_stage(game))


def solve(game: Any, discount: Any = None, monitoring: Any = None, gap: float | None = None) -> Solution:
    """Return inner and outer sets of the equilibrium payoffs of a repeated (or dynamic) two-player game.

    discount, monitoring: as in `game`; they replace those that the game has. gap: what counts as solved, as a share
    of the payoff range.

    >>> import negotiation as ng
    >>> ng.solve(ng.game([[3, 0], [5, 1]], [[3, 5], [0, 1]]), discount="1/2").status.name
    'EXACT'
    """
    repeated = _repeated_game(game, discount, monitoring)
    options = solver.DEFAULT_OPTIONS[solver.monitoring_kind(repeated)]
    return solver.solve(repeated, options if gap is None else options.replace(gap=float(number_of("gap", gap, 0, 1))))


def solve_many(games: Iterable[Any], jobs: int = 0) -> list[Solution]:
    """Return the solution of each game, in order; jobs: how many at a time, 0 for all cores."""
    every = [_repeated_game(game) for game in items_of("games", games, "a list of games")]
    return list(solver.solve_many(every, None, whole_of("jobs", jobs) or None))


def threshold(game_at: Any, claim: Claim, low: Any = None, high: Any = None, tolerance: float = 1e-4) -> Threshold:
    """Return for which values of a parameter a claim is proven to be so, proven not to be so, or undecided.

    game_at: a function value -> game; a game, whose discount factor then varies; or (scenario, path of a parameter).
    claim: `CanPlay(profile)` or `FillsShare(profile, share)`, the profile by names ("C", "C") or numbers. low, high:
    ends of the range (of a path: by default its plausible range). tolerance: how closely each change is enclosed.

    >>> import negotiation as ng
    >>> dilemma = ng.game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [round(end, 3) for end in ng.threshold(dilemma, ng.CanPlay((0, 0)), 0.1, 0.9).changes[0][:2]]
    [0.5, 0.5]
    """
    width = float(number_of("tolerance", tolerance, 0))
    if not isinstance(claim, CanPlay | FillsShare | LossBelow):
        raise refusal("claim", claim, "a claim", "write CanPlay(profile) or FillsShare(profile, share)")
    ends = [None if end is None else float(number_of(name, end)) for name, end in (("low", low), ("high", high))]
    if isinstance(game_at, tuple | list) and len(game_at) == 2 and isinstance(game_at[1], str):
        scenario = scenario_of(game_at[0])
        start = pact_game(build_pact(scenario, fine=False))
        return scenario_threshold(scenario, game_at[1], _numbered_claim(claim, start), ends[0], ends[1], width=width)
    bottom, top = (default if end is None else end for end, default in zip(ends, (LOWEST, HIGHEST), strict=True))
    if not callable(game_at):
        start = _with_discount(game_at)
        return discount_threshold(start, _numbered_claim(claim, start), bottom, top, width=width)

    def repeated_at(value: float) -> DynamicGame:
        return _repeated_game(game_at(value))

    if not bottom < top:
        raise InputError.single("threshold", "", f"needs low < high, got {bottom:g} and {top:g}")
    probes = np.linspace(bottom, top, PROBES).tolist()
    return monotone_threshold(
        repeated_at, _numbered_claim(claim, repeated_at(bottom)), probes, width=width, parameter="the parameter"
    )


def support(solution: Solution, payoff: Iterable[float], state: int = 0) -> PublicStrategy:
    """Return an equilibrium strategy worth `payoff`, one number a player, of a solved game."""
    if not isinstance(solution, Solution):
        raise refusal("solution", solution, "a solved game", "solve it first: support(solve(game), payoff)")
    numbers = [float(number_of("payoff", number)) for number in items_of("payoff", payoff, "one number a player")]
    if len(numbers) != 2:
        raise InputError.single("payoff", "", f"{len(numbers)} numbers for 2 players")
    if whole_of("state", state) >= solution.game.n_states:
        raise InputError.single("state", str(state), f"the game has states 0 to {solution.game.n_states - 1}")
    return supporting_strategy(solution, numbers, state)


def patient_limit(game: Any) -> limit_set.PatientLimit:
    """Return the exact set that contains the equilibrium payoffs at every discount factor (Fudenberg, Levine 1994).

    Where it has an interior, it is also what they fill as the players become patient.
    """
    return limit_set.patient_limit(_with_discount(game))


def _stage(game: Any) -> StageGame:
    return game_from(game).stage


def _with_discount(game: Any) -> DynamicGame:
    """Return a game for a question in which the discount factor plays no role: any will do."""
    given = game_from(game)
    return given.repeated(LOWEST) if isinstance(given, OneShotGame) else given


def _repeated_game(game: Any, discount: Any = None, monitoring: Any = None) -> DynamicGame:
    repeated = _with_monitoring(game_from(game, discount=_factor(discount)), monitoring)
    if isinstance(repeated, OneShotGame):
        raise InputError.single("discount", "", "is missing: without one the game is played once", WRITE_DISCOUNT)
    return repeated


def _factor(discount: Any) -> Any:
    return None if discount is None else number_of("discount", discount)


def _with_monitoring(game: AnyGame, monitoring: Any) -> AnyGame:
    """Return the game with other public signals: a `Monitoring`, or the likelihood (rows, columns, signals)."""
    if monitoring is None:
        return game
    if isinstance(game, OneShotGame):
        raise InputError.single("discount", "", "is missing: a game played once has no signals", WRITE_DISCOUNT)
    if not isinstance(monitoring, Monitoring):
        try:
            table = np.array(monitoring, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise refusal("monitoring", monitoring, "a table of chances") from None
        if table.shape[:-1] != game.stage.shape:
            shape = (*game.stage.shape, "signals")
            raise InputError.single("monitoring", "", f"has shape {table.shape}, the game needs {shape}")
        monitoring = Monitoring(tuple(f"signal {number + 1}" for number in range(table.shape[-1])), table)
    exact = None if game.exact_payoffs is None else game.exact_payoffs[0]
    same = OneShotGame(game.stage, exact, game.remarks)
    return same.repeated(game.exact_discount or game.discount, monitoring)


def _numbered_claim(claim: Claim, game: DynamicGame) -> Claim:
    """Return the claim with its profile as action numbers of the game."""
    if whole_of("state", claim.state) >= game.n_states:
        raise InputError.single("state", str(claim.state), f"the game has states 0 to {game.n_states - 1}")
    return claim.replace(profile=profile_of(game.stages[claim.state], claim.profile, "profile"))


def profile_of(stage: StageGame, given: Any, origin: str, path: str = "") -> Profile:
    """Return a profile as action numbers: given so, by one name a player, or by a text with commas between names.

    Raises `InputError`, as from `origin` and `path`, that names the actions.
    """
    if isinstance(given, tuple | list) and not all(isinstance(part, str) for part in given):
        profile = tuple(whole_of("profile", part) for part in given)
        if len(profile) != stage.n_players or any(
            action >= size for action, size in zip(profile, stage.shape, strict=False)
        ):
            sizes = " × ".join(map(str, stage.shape))
            raise InputError.single(origin, str(given), f"is no profile of a {sizes} game (numbers start at 0)")
        return profile
    text = ",".join(given) if isinstance(given, tuple | list) else given if isinstance(given, str) else ""
    words = ",".join(part.strip() for part in text.replace("/", ",").split(","))
    for profile in stage.profiles():
        if ",".join(stage.name(profile)).replace("/", ",") == words:  # whole, since a name may hold a comma
            return profile
    parts = words.split(",") if words.count(",") == stage.n_players - 1 else [""] * stage.n_players
    named = zip(stage.players, stage.actions, parts, strict=True)
    hints = [f"{player}: {nearest(part, names)}" for player, names, part in named if part not in names]
    fault = f"'{text}' is no action of each player" if text else "is missing: name an action of each player"
    raise InputError.single(origin, path, fault, "; ".join(hints))
