"""How fast are payoff sets under noisy monitoring? The default game, all call outcomes, against loops of programmes.

    python -m tests.benchmarks.public_fast            the table of the call outcomes and the ratios
    python -m tests.benchmarks.public_fast sizes      cost against actions, signals, states, directions and delta
    python -m tests.benchmarks.public_fast many       games a second with parameters drawn around the default

Process CPU time, medians, everything in one run. The loops iterate the operator in the directions in which our outer
set ends, from the feasible set until no level moves by more than a tenth of our gap, and they get no inner set for it.
Their totals are extrapolated: number of applications (counted with our operator, whose levels are the same) times the
time of one application. The persistent loop is timed on its second and third application, hot-started; the `linprog`
loop on one.
"""

import resource
import sys
import time

import numpy as np

from negotiation.games import DynamicGame
from negotiation.solve.options import PUBLIC
from negotiation.solve.payoff_sets.solver import solve_many
from negotiation.solve.public.incentive_constraints import incentive_constraints
from negotiation.solve.public.operator import Directions, Operator
from negotiation.solve.public.refinement import first_outer
from negotiation.solve.public.solver import solve_public
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import pact_game
from negotiation.trade.parameters.changes import Change
from tests.benchmarks.measurement import measurement
from tests.solve.public.plain_public import PlainOperator
from tests.solve.public.public_games import random_game
from tests.stored import frozen

DRAWN = (
    "minerals.leverage",
    "minerals.dependent_output",
    "tariffs.us.import_value",
    "tariffs.us.demand_elasticity",
    "monitoring.delay_probability",
    "politics.us.preferred_tariff",
    "minerals.substitution",
    "monitoring.noise",
)


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def seconds(run, repeats):
    """Return the median CPU time of a call."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def applications(game, found):
    """Return the directions of the final outer set and how many plain applications settle them."""
    inc = incentive_constraints(game)
    lams = [own.directions * inc.scale for own in found.outer]
    directions = Directions.build([lam / np.linalg.norm(lam, axis=1)[:, None] for lam in lams])
    op = Operator(inc)
    outer = first_outer(op, directions)
    level = outer.level
    for count in range(1, 5000):
        polygons = directions.polygons(level)
        lower = np.minimum(level, op.apply(directions, polygons, outer.warm_start, outer.not_ruled_out).level)
        if (level - lower).max() <= 0.1 * PUBLIC.gap:
            return directions, count
        level = lower
    raise RuntimeError("the plain iteration did not settle")


def loops(game, directions):
    """Return CPU seconds of one application by persistent HiGHS models and by `scipy.optimize.linprog`."""
    inc = incentive_constraints(game)
    lams = [directions.lam[directions.start[s] : directions.start[s + 1]] / inc.scale for s in range(inc.n_states)]
    op = PlainOperator(game, lams)
    levels = [op.apply(op.first())]
    persistent = seconds(lambda: levels.append(op.apply(levels[-1])), 2)
    fresh = PlainOperator(game, lams, persistent=False)
    return persistent, seconds(lambda: fresh.apply(levels[-1]), 1)


def outcomes():
    """Print the table of the call outcomes."""
    scenario = frozen("rollback-2025")
    say("| call outcome | pledges | ours, ms | gap | directions | applications | HiGHS, s | linprog, s | ratios |")
    say("|---|---|---|---|---|---|---|---|---|")
    totals = np.zeros(3)
    for pledged in (False, True):
        for call in scenario.calls:
            pact = build_pact(scenario.after(call.changes), fine=False)
            game = pact_game(pact) if pledged else DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring)
            if pledged and game.n_states == 1:
                continue
            found = solve_public(game)
            ours = seconds(lambda game=game: solve_public(game), 7)
            directions, count = applications(game, found)
            persistent, linprog = (count * each for each in loops(game, directions))
            if not pledged:
                totals += ours, persistent, linprog
            say(
                f"| {call.name} | {'yes' if pledged else 'no'} | {ours * 1e3:.0f} | {found.gap:.1e} "
                f"| {len(directions.lam)} | {count} | {persistent:.1f} | {linprog:.0f} "
                f"| {persistent / ours:,.0f} / {linprog / ours:,.0f} |"
            )
    ours, persistent, linprog = totals
    say(
        f"| all five, no pledges | | {ours * 1e3:.0f} | | | | {persistent:.1f} | {linprog:.0f} "
        f"| {persistent / ours:,.0f} / {linprog / ours:,.0f} |"
    )


def drawn_games(count, seed=3):
    """Return the five games of `count` scenarios, eight parameters drawn within 35 % of the way to their ends."""
    scenario, rng = frozen("rollback-2025"), np.random.default_rng(seed)
    games = []
    for _ in range(count):
        changes = []
        for name in DRAWN:
            held = scenario.parameters[name]
            low, high = (held.value + 0.35 * (end - held.value) for end in (held.low, held.high))
            changes.append(Change(name, "set", float(rng.uniform(low, high))))
        drawn = scenario.after(changes)
        for call in scenario.calls:
            pact = build_pact(drawn.after(call.changes), fine=False)
            games.append(DynamicGame.repeated(pact.stage, pact.discount, pact.monitoring))
    return games


def many(count=40):
    """Print CPU time a game one by one, and games a second of elapsed time through `solve_many` on all cores."""
    games = drawn_games(count)
    solve_public(games[0])
    taken, solved = [], 0
    for game in games:
        start = time.process_time()
        solved += solve_public(game).solved
        taken.append(time.process_time() - start)
    taken = np.array(taken) * 1e3
    say(
        f"{len(games)} games, {solved} solved to {PUBLIC.gap:g}: median {np.median(taken):.0f} ms, "
        f"mean {taken.mean():.0f}, nine in ten below {np.quantile(taken, 0.9):.0f}, largest {taken.max():.0f}"
    )
    for number in (count, 4 * count):
        games = drawn_games(number)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        solved = sum(found.solved for found in solve_many(games))
        spent = time.perf_counter() - start
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        say(
            f"solve_many: {len(games)} games, {solved} solved, {len(games) / spent:.0f} a second with the start of the "
            f"workers, {more:.0f} MB more in this process"
        )


def sizes(count=15):
    """Print medians over random games, one dimension changed at a time, and over the directions allowed."""
    base = {"actions": (3, 3), "signals": (4, 4), "states": (1, 1), "discount": 0.8}
    rows = [("actions", [(2, 2), (3, 3), (4, 4), (6, 6)]), ("signals", [(2, 2), (4, 4), (8, 8), (12, 12)])]
    rows += [("states", [(1, 1), (2, 2), (3, 3)]), ("discount", [0.3, 0.6, 0.8, 0.9, 0.95, 0.99])]
    say("| varied | value | median ms | nine in ten below, ms | solved to 1e-3 | empty |")
    say("|---|---|---|---|---|---|")
    for name, values in rows:
        for value in values:
            _row(
                name, value, [random_game(np.random.default_rng([s, 9]), **{**base, name: value}) for s in range(count)]
            )
    games = [random_game(np.random.default_rng([s, 9]), **{**base, "discount": 0.9}) for s in range(count)]
    for directions in (16, 32, 64, 128, 256, 400):
        _row("directions", directions, games, PUBLIC.replace(directions=directions))


def _row(name, value, games, options=PUBLIC):
    taken, statuses = [], []
    for game in games:
        start = time.process_time()
        statuses.append(solve_public(game, options).status.name)
        taken.append((time.process_time() - start) * 1e3)
    label = value[0] if isinstance(value, tuple) else value
    say(
        f"| {name} | {label} | {np.median(taken):.0f} | {np.quantile(taken, 0.9):.0f} "
        f"| {statuses.count('SOLVED')} of {len(games)} | {statuses.count('EMPTY')} |"
    )


if __name__ == "__main__":
    with measurement("public_fast", "Payoff sets under noisy monitoring: time"):
        {"sizes": sizes, "many": many}.get(sys.argv[1] if len(sys.argv) > 1 else "", outcomes)()
