"""Values of a public automaton and its one-shot-deviation check, state by state.

V_w = (1 - delta) u_w(a^w) + delta sum_y rho(y | a^w) sum_w' P(w' | w, y) V_w', normalised by (1 - delta). An automaton
is an equilibrium exactly when no player gains by deviating once in any state (Blackwell 1965; Mailath, Samuelson 2006,
prop. 2.2.1 and 7.1.1). u_w includes the state's adjustments (pledges, side payments, compensation).
"""

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.automaton import Automaton
from negotiation.games.stage import Monitoring, Profile, StageGame


class Slack(Value):
    """What a player loses by one deviation: `slack` >= 0 means that the deviation does not pay (unit per period).

    `state`, `player` and `deviation` are names.
    """

    state: str
    player: str
    deviation: str
    slack: float

    def sentence(self, unit: str) -> str:
        """Say who would deviate where, to what, and for how much."""
        gains = "gains" if self.slack < 0 else "loses"
        verb = "refusing" if self.deviation == REFUSE else f"playing {self.deviation}"
        return f"in state '{self.state}', {self.player} {gains} {abs(self.slack):.4g} {unit} by {verb} once"


REFUSE = "refuse to pay"


class AutomatonCheck(Value):
    """Values (W, n) of an automaton in the game's unit, and every one-shot deviation.

    by_month: (W, 2, n), values by kind of month where delays last, else None.
    """

    values: Floats
    slacks: tuple[Slack, ...]
    by_month: Floats | None = None

    @property
    def worst(self) -> Slack:
        """The deviation with the smallest slack."""
        return min(self.slacks, key=lambda deviation: deviation.slack)

    def holds(self, tolerance: float = 1e-9) -> bool:
        """Whether no deviation gains more than `tolerance`."""
        return self.worst.slack >= -tolerance


def check_automaton(stage: StageGame, monitoring: Monitoring, discount: float, automaton: Automaton) -> AutomatonCheck:
    """Return values and the one-shot-deviation slacks of every player in every state.

    Raises `InputError` when the automaton does not fit the game.
    """
    values = automaton_values(stage, monitoring, discount, automaton)
    slacks: list[Slack] = []
    for w, profile in enumerate(_profiles(automaton)):
        payoffs = (1 - discount) * (stage.payoffs + automaton.adjustments[w])
        for player, action in ((i, k) for i, size in enumerate(stage.shape) for k in range(size) if k != profile[i]):
            deviation = (*profile[:player], action, *profile[player + 1 :])
            if player in monitoring.observed:
                future = values[automaton.on_deviation[w, player], player]
            else:
                future = monitoring.likelihood[deviation] @ automaton.transition[w] @ values[:, player]
            gain = payoffs[(player, *deviation)] + discount * future - values[w, player]
            names = automaton.names[w], stage.players[player], stage.actions[player][action]
            slacks.append(Slack(*names, float(-gain)))
    return AutomatonCheck(values, tuple(slacks))


def automaton_values(stage: StageGame, monitoring: Monitoring, discount: float, automaton: Automaton) -> Floats:
    """Return the normalised values (W, n) of every state; raises `InputError` when the automaton does not fit."""
    check_fit(stage, monitoring, automaton)
    states = zip(_profiles(automaton), automaton.adjustments, strict=True)
    flow = np.array([(stage.payoffs + extra)[(slice(None), *profile)] for profile, extra in states])
    chain = state_chain(monitoring, automaton)
    return np.asarray(np.linalg.solve(np.eye(len(flow)) - discount * chain, (1 - discount) * flow), np.float64)


def _profiles(automaton: Automaton) -> list[Profile]:
    return [tuple(int(action) for action in row) for row in automaton.actions]


def state_chain(monitoring: Monitoring, automaton: Automaton) -> Floats:
    """Return the probabilities (W, W) of moving between states when everyone does as prescribed."""
    steps = zip(_profiles(automaton), automaton.transition, strict=True)
    return np.array([monitoring.likelihood[profile] @ transition for profile, transition in steps])


def long_run_shares(monitoring: Monitoring, automaton: Automaton) -> Floats:
    """Return the long-run share of time in each state from state 0, shape (W,): right for periodic chains too."""
    return np.asarray(long_run(state_chain(monitoring, automaton))[0])


def long_run(chain: Floats) -> Floats:
    """Return the long-run share of time in each state of a chain (W, W), rows by the state in which it starts."""
    # the lazy chain has the same long-run shares and no period; 2^50 steps by squaring reach its limit
    lazy = 0.5 * (np.eye(len(chain)) + chain)
    for _ in range(50):
        lazy = lazy @ lazy
        lazy /= lazy.sum(axis=1, keepdims=True)
    return np.asarray(lazy)


def check_fit(stage: StageGame, monitoring: Monitoring, automaton: Automaton, state: int | None = None) -> None:
    """Raise `InputError` when an automaton, or one state of it, does not fit a stage game and what its players see."""
    rows, path = (slice(None), "") if state is None else (slice(state, state + 1), f"states.{automaton.names[state]}")
    actions = automaton.actions[rows]

    def fail(message: str) -> InputError:
        return InputError.single("automaton", path, message)

    if actions.shape[1] != stage.n_players:
        raise fail(f"it moves {actions.shape[1]} players, the game has {stage.n_players}")
    if (actions < 0).any() or (actions >= np.array(stage.shape)).any():
        raise fail(f"it plays an action outside the game's {stage.shape}")
    if automaton.transition.shape[1] != monitoring.n_signals:
        raise fail(f"it reacts to {automaton.transition.shape[1]} signals, the game has {monitoring.n_signals}")
    if automaton.adjustments.shape[2:] != stage.shape:
        raise fail(f"its payments are for {automaton.adjustments.shape[2:]} actions, the game has {stage.shape}")
    for player in monitoring.observed:
        if (automaton.on_deviation[rows, player] < 0).any():
            raise fail(f"it does not say what follows when {stage.players[player]} is seen to deviate")
