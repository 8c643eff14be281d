"""The set operator of public monitoring, written from its definition with a linear programme library, for the tests.

    max over w(z) in W_succ(z)   lam.[(1 - d) g(s, a) + d sum_z rho(z | s, a) w(z)]
    s.t. (1 - d) g_i(s, a) + d sum_z rho(z | a) w_i(z)  >=  (1 - d) g_i(s, b, a_-i) + d sum_z rho(z | b, a_-i) w_i(z)

for every player i and action b, with every public outcome z = (actions of the observed players, signal) a variable of
its own, W_s = {w : lam_j.w <= c_sj}, payoffs in the game's own units, and HiGHS in charge of the programmes. Slow, and
it shares no line with the solver.
"""

import itertools

import highspy
import numpy as np
from scipy.optimize import linprog

INFINITY = highspy.kHighsInf


class Programme:
    """The programme of one profile: rows a @ x >= b of incentives, one column pair an outcome that can matter."""

    def __init__(self, game, state, profile):
        stage, seen = game.stages[state], game.monitoring[state]
        chances = {b: self._outcomes(seen, b) for b in [profile, *deviations(stage, profile)]}
        self.outcomes = sorted({z for chance in chances.values() for z in chance})
        column = {z: at for at, z in enumerate(self.outcomes)}
        self.successor = [int(game.next_state[state, z[1]]) for z in self.outcomes]
        self.payoff = np.array([stage.payoffs[(i, *profile)] for i in range(2)])
        self.discount = game.discount
        self.chance = np.zeros(len(self.outcomes))
        for z, chance in chances[profile].items():
            self.chance[column[z]] = chance
        rows, gains = [], []
        for b in deviations(stage, profile):
            player = 0 if b[0] != profile[0] else 1
            row = np.zeros((len(self.outcomes), 2))
            row[:, player] = self.chance
            for z, chance in chances[b].items():
                row[column[z], player] -= chance
            rows.append(game.discount * row.ravel())
            gains.append((1 - game.discount) * (stage.payoffs[(player, *b)] - stage.payoffs[(player, *profile)]))
        self.rows, self.gains = np.array(rows).reshape(len(rows), -1), np.array(gains)

    @staticmethod
    def _outcomes(seen, profile):
        public = tuple(profile[i] for i in seen.observed)
        return {(public, y): chance for y, chance in enumerate(seen.likelihood[profile]) if chance > 0}

    def objective(self, lam):
        return self.discount * (self.chance[:, None] * lam[None, :]).ravel()

    def constant(self, lam):
        return (1 - self.discount) * float(lam @ self.payoff)

    def sides(self, directions, levels):
        """Return (A, b) of lam_j.w(z) <= c_j for every outcome and every direction of its successor state."""
        blocks, right = [], []
        for at, state in enumerate(self.successor):
            block = np.zeros((len(directions[state]), 2 * len(self.outcomes)))
            block[:, 2 * at : 2 * at + 2] = directions[state]
            blocks.append(block)
            right.append(levels[state])
        return np.concatenate(blocks), np.concatenate(right)


def deviations(stage, profile):
    one = [(b, profile[1]) for b in range(stage.shape[0]) if b != profile[0]]
    return one + [(profile[0], b) for b in range(stage.shape[1]) if b != profile[1]]


class Persistent:
    """One HiGHS model a profile, kept from one application to the next: only right-hand sides and costs change."""

    def __init__(self, programme, directions, slack):
        self.programme = programme
        sides, _ = programme.sides(directions, [np.zeros(len(d)) for d in directions])
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.model.setOptionValue("primal_feasibility_tolerance", 1e-10)
        self.model.setOptionValue("dual_feasibility_tolerance", 1e-10)
        matrix = np.concatenate([-programme.rows, sides])
        self.first = len(programme.rows)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = matrix.shape[1], len(matrix)
        lp.col_cost_ = np.zeros(matrix.shape[1])
        lp.col_lower_, lp.col_upper_ = np.full(matrix.shape[1], -INFINITY), np.full(matrix.shape[1], INFINITY)
        lp.row_lower_ = np.full(len(matrix), -INFINITY)
        lp.row_upper_ = np.concatenate([-(programme.gains - slack), np.zeros(len(sides))])
        entries = [np.flatnonzero(row) for row in matrix]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *map(len, entries)])
        lp.a_matrix_.index_ = np.concatenate(entries)
        lp.a_matrix_.value_ = np.concatenate([row[at] for row, at in zip(matrix, entries, strict=True)])
        lp.sense_ = highspy.ObjSense.kMaximize
        self.model.passModel(lp)

    def values(self, lams, levels):
        """Return the value of the programme in each direction, -inf where it is infeasible."""
        right = np.concatenate([levels[state] for state in self.programme.successor])
        for at, value in enumerate(right):
            self.model.changeRowBounds(self.first + at, -INFINITY, value)
        columns = np.arange(2 * len(self.programme.outcomes), dtype=np.int32)
        found = []
        for lam in lams:
            self.model.changeColsCost(len(columns), columns, self.programme.objective(lam))
            self.model.run()
            if self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                found.append(self.model.getObjectiveValue() + self.programme.constant(lam))
            else:
                assert self.model.getModelStatus() == highspy.HighsModelStatus.kInfeasible
                return np.full(len(lams), -np.inf)
        return np.array(found)


class PlainOperator:
    """The operator in fixed directions, one array (N_s, 2) a state, in payoffs of the game.

    slack: by how much every incentive condition is relaxed. persistent: keep HiGHS models; otherwise call
    `scipy.optimize.linprog` afresh every time, as a first script would.
    """

    def __init__(self, game, directions, slack=0.0, persistent=True):
        self.game, self.directions, self.slack = game, directions, slack
        self.programmes = [
            [Programme(game, s, a) for a in itertools.product(*map(range, game.stages[s].shape))]
            for s in range(game.n_states)
        ]
        self.models = [[Persistent(p, directions, slack) for p in own] for own in self.programmes] if persistent else []
        self.solved = 0

    def first(self):
        points = np.concatenate([stage.payoffs.reshape(2, -1).T for stage in self.game.stages])
        return [(points @ lam.T).max(axis=0) for lam in self.directions]

    def apply(self, levels):
        """Return the levels of B(W(levels)); -inf in a state where no profile can be enforced."""
        found = []
        for s, lams in enumerate(self.directions):
            each = [self._values(s, a, lams, levels) for a in range(len(self.programmes[s]))]
            found.append(np.max(each, axis=0))
            self.solved += len(lams) * len(each)
        return found

    def _values(self, state, number, lams, levels):
        if self.models:
            return self.models[state][number].values(lams, levels)
        programme, values = self.programmes[state][number], []
        sides, right = programme.sides(self.directions, levels)
        matrix = np.concatenate([-programme.rows, sides])
        right = np.concatenate([-(programme.gains - self.slack), right])
        for lam in lams:
            done = linprog(-programme.objective(lam), A_ub=matrix, b_ub=right, bounds=(None, None), method="highs")
            values.append(programme.constant(lam) - done.fun if done.status == 0 else -np.inf)
        return np.array(values)
