"""Equilibrium payoffs with voluntary transfers as exact functions of the discount factor.

Over all pure profiles let U(L) be the largest joint payoff at liquidity L and v_i(L) player i's least payoff
(`transfers`), D(L) = U(L) - sum_i v_i(L). An equilibrium can stake L on the future exactly when L <= r D(L) with
r = delta / (1 - delta); the payoffs of pure public perfect equilibria with transfers are {v : sum v <= U(L),
v_i >= v_i(L)} at the LARGEST such L (Goldluecke, Kranz 2012). D is piecewise linear and jumps up where a profile
becomes enforceable, so that L = r alpha / (1 - r beta) on finitely many steps of delta, all with exact ends. With
perfect monitoring every step is flat.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from negotiation.games.dynamic import DynamicGame
from negotiation.solve.scores.exact_game import rational_game
from negotiation.solve.scores.incentive_rows import ZERO, ProfileIncentives, profile_incentives
from negotiation.solve.scores.piecewise_linear import Pieces, negative, piece_at, upper_envelope, value_at
from negotiation.solve.transfers.liquidity import joint_payoff, least_liquidity, punishment
from negotiation.solve.transfers.result import Need, TransferStep, TransferSteps


def transfer_steps(game: DynamicGame) -> TransferSteps:
    """Return payoffs and thresholds with voluntary transfers, for every discount factor, in exact ratios.

    Pure profiles, one state, any number of players, public signals; the game's own discount factor only matters to
    `TransferSteps.at`. Raises `InputError` for several states.

    >>> from negotiation.games import StageGame
    >>> pd = StageGame(("a", "b"), (("C", "D"), ("C", "D")), [[[2, -1], [3, 0]], [[2, 3], [-1, 0]]])
    >>> [(str(step.discount), str(step.joint)) for step in transfer_steps(DynamicGame.repeated(pd, 0.5)).steps]
    [('0', '0'), ('1/3', '4')]
    """
    reading = rational_game(game)
    conditions = [profile_incentives(reading, profile) for profile in reading.profiles()]
    found = {each.profile: least_liquidity(each) for each in conditions}
    offers = [(each, least) for each in conditions if (least := found[each.profile]) is not None]
    joint = _largest_joint(offers)
    worst = tuple(_worst(offers, player) for player in range(reading.n_players))
    steps = tuple(_steps(joint, worst)) if offers else ()
    needs = []
    for each in conditions:
        least = found[each.profile]
        once = None if least is None else _once(steps, least)
        always = None if least is None or once is None else _always(each, least, worst)
        needs.append(Need(each.profile, least, once, always))
    return TransferSteps(game, steps, tuple(needs), reading.literal)


def _largest_joint(offers: Sequence[tuple[ProfileIncentives, Fraction]]) -> Pieces:
    """Return U(L); a profile that others beat from the start, burning nothing, needs no programme."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (-offer[0].joint, offer[1])):
        known = value_at(best, least)
        if known is None or known < condition.joint:
            best = upper_envelope(best, joint_payoff(condition, least))
    return best


def _worst(offers: Sequence[tuple[ProfileIncentives, Fraction]], player: int) -> Pieces:
    """Return v_i(L) of one player; a profile holds nobody below its best reply."""
    best: Pieces = []
    for condition, least in sorted(offers, key=lambda offer: (offer[0].best[player], offer[1])):
        known = value_at(best, least)
        if known is None or -known > condition.best[player]:
            best = upper_envelope(best, negative(punishment(condition, player, least)))
    return negative(best)


def _steps(joint: Pieces, worst: tuple[Pieces, ...]) -> list[TransferStep]:
    """Return the steps in order of the discount factor: from large liquidity down, keep what needs less patience."""
    starts = sorted({piece.start for function in (joint, *worst) for piece in function})
    found: list[TransferStep] = []
    least: Fraction | None = None  # r at which liquidity from `end` on is within reach; None: not at any r
    for start in reversed(starts):
        top, lows = piece_at(joint, start), [piece_at(function, start) for function in worst]
        assert top is not None
        lines = tuple(low.line for low in lows if low is not None)
        alpha = top.line.intercept - sum((line.intercept for line in lines), ZERO)
        beta = top.line.slope - sum((line.slope for line in lines), ZERO)
        stake = alpha + beta * start
        ratio = ZERO if start == 0 else start / stake if stake > 0 else None
        # within a piece r = L / (alpha + beta L) rises when alpha > 0; otherwise its right end needs less patience
        if ratio is None or (least is not None and ratio >= least) or (alpha <= 0 and start > 0):
            continue
        if alpha <= 0:
            beta = ZERO  # nothing but L = 0 before the next step
        profiles = tuple(low.tag for low in lows if low is not None)
        punishments = tuple(line.at(start) for line in lines)
        found.append(
            TransferStep(
                ratio / (1 + ratio), start, top.line.at(start), punishments, top.tag, profiles, alpha, beta,
                top.line, lines,
            )
        )  # fmt: skip
        least = ratio
    return found[::-1]


def _once(steps: tuple[TransferStep, ...], least: Fraction) -> Fraction | None:
    """Return the least discount factor at which the liquidity of the best equilibria is at least `least`."""
    for step, after in [*pairwise(steps), *((step, None) for step in steps[-1:])]:
        if step.liquidity >= least:
            return step.discount
        if step.alpha > 0:
            ratio = least / (step.alpha + step.beta * least)
            discount = ratio / (1 + ratio)
            if after is None or (discount < after.discount and 1 - ratio * step.beta > 0):
                return discount
    return None


def _always(condition: ProfileIncentives, least: Fraction, worst: tuple[Pieces, ...]) -> Fraction | None:
    """Return the least discount factor at which the profile can be played for ever: r = L / (U(L | a) - sum v(L))."""
    if least == 0:
        return ZERO
    joint = joint_payoff(condition, least)
    starts = {piece.start for function in (joint, *worst) for piece in function if piece.start >= least} | {least}
    ratios = []
    for start in starts:
        stake = (value_at(joint, start) or ZERO) - sum((value_at(low, start) or ZERO for low in worst), ZERO)
        if stake > 0:
            ratios.append(start / stake)
    return min(ratios) / (1 + min(ratios)) if ratios else None
