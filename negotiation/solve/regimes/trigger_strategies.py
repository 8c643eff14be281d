"""Values and slacks of trigger regimes for many trigger sets, lengths and discount factors at once, in closed form.

Good standing plays the deal; a signal in the trigger set B starts T periods of the punishment profile; in a `restart`
regime a signal in B during the punishment starts the T periods again, otherwise signals are ignored there; a seen
departure by an observed player leads to war for ever. A call may restore the pact at the end of a punishment or war
period with probability `restore` (Klimenko, Ramey, Watson 2008). With p, p' = P(B) in good standing and in the
punishment, r = delta (1 - restore)(1 - p'), S = (1 - r^T) / (1 - r), the value with k periods left is

    V_k = (1 - r^k) / (1 - r) [(1 - delta) u^P + delta restore V_0 + delta (1 - restore) p' V_T] + r^k V_0,

so that T and infinity cost the same (Green, Porter 1984; Abreu, Milgrom, Pearce 1991). Arrays broadcast as
(discounts D, trigger sets K, lengths N); slacks are in the game's unit, normalised by (1 - delta).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._values import Floats
from negotiation.games.pact import Pact
from negotiation.games.stage import Profile


@dataclass(frozen=True)
class TriggerGrid:
    """What is evaluated: trigger `masks` (K, Y), `lengths` (N,) in periods (infinity allowed), `discounts` (D,)."""

    punishment: Profile
    restart: bool
    masks: Floats
    lengths: Floats
    discounts: Floats
    restore: float = 0.0


@dataclass(frozen=True)
class TriggerValues:
    """Values `good`, `worst` (V_0 and V_T) of shape (2, D, K, N) and the smallest slack `margin` (D, K, N)."""

    good: Floats
    worst: Floats
    margin: Floats


def trigger_values(pact: Pact, grid: TriggerGrid, check_fine: bool = False) -> TriggerValues:
    """Return values and the smallest slack over all listed deviations, and over the fine grid if asked."""
    low = np.einsum("aby,ky->kab", pact.monitoring.likelihood, grid.masks)
    standing = pact.standing_payoffs(grid.masks)
    d = grid.discounts[:, None, None]
    keep = 1 - grid.restore
    p = low[(slice(None), *pact.deal)][None, :, None]
    again = low[(slice(None), *grid.punishment)][None, :, None] if grid.restart else np.zeros_like(p)
    r = d * keep * (1 - again)
    power = r ** grid.lengths[None, None, :]
    span = (1 - power) / (1 - r)
    scale = 1 - d * keep * again * span
    good, worst, reversion = [], [], []
    for player in (0, 1):
        reward = standing[(player, slice(None), *pact.deal)][None, :, None]
        pain = pact.stage.payoff(grid.punishment)[player]
        # V_T = base + slope V_0, put into V_0 = (1 - d) u + d [(1 - p) V_0 + p V_T]
        base, slope = span * (1 - d) * pain / scale, (span * d * grid.restore + power) / scale
        start = ((1 - d) * reward + d * p * base) / (1 - d * (1 - p) - d * p * slope)
        good.append(start)
        worst.append(base + slope * start)
        outside = pact.stage.payoffs[(player, *pact.punishment)]
        reversion.append(((1 - d) * outside + d * grid.restore * start) / (1 - d * keep))
    desk = _Desk(pact, grid, low, standing, d, r, power, again, np.stack(good), np.stack(worst), np.stack(reversion))
    margin = np.minimum(desk.good_standing_slack(), desk.reversion_slack())
    margin = np.minimum(margin, desk.punishment_slack())
    if check_fine and pact.fine is not None:
        margin = np.minimum(margin, desk.fine_slack(pact.fine.payoffs, pact.fine.likelihood))
    return TriggerValues(desk.good, desk.worst, margin)


@dataclass(frozen=True)
class _Desk:
    """Everything the slack formulas share; all arrays broadcast to (D, K, N)."""

    pact: Pact
    grid: TriggerGrid
    low: Floats
    standing: Floats
    d: Floats
    r: Floats
    power: Floats
    again: Floats
    good: Floats
    worst: Floats
    reversion: Floats

    def _others(self, player: int, profile: Profile) -> list[Profile]:
        return [
            (action, profile[1]) if player == 0 else (profile[0], action)
            for action in range(self.pact.stage.shape[player])
            if action != profile[player]
        ]

    def _low(self, profile: Profile) -> Floats:
        column: Floats = self.low[:, profile[0], profile[1]][None, :, None]
        return column

    def good_standing_slack(self) -> Floats:
        d, slack = self.d, np.full(self.good.shape[1:], np.inf)
        for player in (0, 1):
            start, punished = self.good[player], self.worst[player]
            for profile in self._others(player, self.pact.deal):
                now = (1 - d) * self.standing[(player, slice(None), *profile)][None, :, None]
                if player in self.pact.monitoring.observed:
                    future = self.reversion[player]
                else:
                    hit = self._low(profile)
                    future = (1 - hit) * start + hit * punished
                slack = np.minimum(slack, start - now - d * future)
        return slack

    def reversion_slack(self) -> Floats:
        """Return the slack in war, where deviations change nothing afterwards."""
        gain = self.pact.stage.largest_gain(self.pact.punishment)
        return np.broadcast_to(-(1 - self.d) * gain, self.good.shape[1:])

    def value_left(self, player: int, power: Floats | float) -> Floats:
        """Return V_k, where `power` is r^k for the k periods of punishment still to come, this one included."""
        pain = self.pact.stage.payoff(self.grid.punishment)[player]
        keep = 1 - self.grid.restore
        flow = (1 - self.d) * pain + self.d * self.grid.restore * self.good[player]
        flow = flow + self.d * keep * self.again * self.worst[player]
        value: Floats = (1 - power) / (1 - self.r) * flow + power * self.good[player]
        return value

    def ends(self) -> list[tuple[Floats | float, Floats | float]]:
        """Return (r^k, r^(k-1)) for the last (k = 1) and the first (k = T) period of a punishment.

        Slacks are affine in r^k, so those in between lie between these two. A punishment for ever has no last period.
        """
        forever = np.isinf(self.grid.lengths)
        with np.errstate(divide="ignore", invalid="ignore"):
            before = np.where(self.r > 0, self.power / self.r, 0.0)
        last, after_last = np.where(forever, self.power, self.r), np.where(forever, self.power, 1.0)
        return [(last, after_last), (self.power, np.where(self.grid.lengths == 1, 1.0, before))]

    def punishment_slack(self) -> Floats:
        """Return the slack in the first and the last period of punishment."""
        slack = np.full(self.good.shape[1:], np.inf)
        for power, power_after in self.ends():
            for player in (0, 1):
                here, after = self.value_left(player, power), self.value_left(player, power_after)
                for profile in self._others(player, self.grid.punishment):
                    slack = np.minimum(slack, here - self._punished_deviation(player, profile, after))
        return slack

    def _punished_deviation(self, player: int, profile: Profile, after: Floats) -> Floats:
        d, restore = self.d, self.grid.restore
        now = (1 - d) * self.pact.stage.payoffs[(player, *profile)]
        if player in self.pact.monitoring.observed:
            left: Floats = now + d * self.reversion[player]
            return left
        hit = self._low(profile) if self.grid.restart else 0.0
        future = hit * self.worst[player] + (1 - hit) * after
        value: Floats = now + d * (restore * self.good[player] + (1 - restore) * future)
        return value

    def fine_slack(self, payoffs: Floats, likelihood: Floats) -> Floats:
        """Return the margin against unlisted levels of player 1: how far the stake lies inside what deters them all.

        In good standing the stake is V_0 - V_T, in a punishment with k left V_(k-1) - V_T; the sign is that of the
        smallest slack over the levels.
        """
        hit = likelihood @ self.grid.masks.T
        gain = payoffs[self.pact.deal[0]] - self.pact.stage.payoffs[(1, *self.pact.deal)]
        more = hit.T - self._low(self.pact.deal)[0]
        net = gain - self.pact.pledges.column_audience_cost * more
        margin = self._inside(self.good[1] - self.worst[1], stake_bounds(net, more))
        if self.grid.restart:
            punishment = self.grid.punishment
            gain = payoffs[punishment[0]] - self.pact.stage.payoffs[(1, *punishment)]
            more = hit.T - self._low(punishment)[0]
            bounds = stake_bounds(np.broadcast_to(gain, more.shape), more)
            for _, power_after in self.ends():
                stake = (1 - self.grid.restore) * (self.value_left(1, power_after) - self.worst[1])
                margin = np.minimum(margin, self._inside(stake, bounds))
        return margin

    def _inside(self, stake: Floats, bounds: tuple[Floats, Floats]) -> Floats:
        """Return the room of `stake` between the least and the largest that satisfy (1 - d) net <= d more stake.

        bounds: the two (K,) at even odds, from what each level gains and how much more often it is caught.
        """
        floor, ceiling = bounds
        odds = (1 - self.d) / self.d
        room: Floats = np.minimum(stake - odds * floor[None, :, None], odds * ceiling[None, :, None] - stake)
        return room


def stake_bounds(net: Floats, more: Floats) -> tuple[Floats, Floats]:
    """Return the least and largest s with net <= more s for every level, shapes (K,), from (K, G).

    A level that gains although it is caught no more often makes the least stake infinite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = net / more
    floor = np.where(more > 1e-15, ratio, np.where((net > 1e-9) & (more > -1e-15), np.inf, -np.inf)).max(axis=1)
    ceiling = np.where(more < -1e-15, ratio, np.inf).min(axis=1)
    return floor, ceiling
