"""Pledges and trust in closed form (docs/call.md): what ties hands, what tells types apart, when to keep the tariff.

Player 1 (China) gains g a month by the deviation that tempts it most, loses h a month to the smallest response, and L_1
to the punishment; player 0 (the US) gains f by that response, loses D when player 1 deviates, and L_0 to the
punishment. p, q: chances of a low month without and with the deviation. Sources: Spence 1973; Fearon 1994, 1997; Kydd
2000, 2005.
"""

import math
from dataclasses import field

import numpy as np

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.games.pact import Pact

SAME_CHANCE = 1e-15  # difference of two chances that is their rounding


class PledgePrimitives(Value, kw_only=True):
    """The numbers that pledges and design turn on, in the game's unit per month.

    temptation: g, low_if_deviation: q and low_if_deal: p of the deviation that asks for the largest `stake` g / (q -
    p). response_loss: h; response_gain: f; damage: D; row_gain: the most player 0 gains by an exit (f when the
    response is its best one); row_punishment_loss, column_punishment_loss: L_0 and L_1. The stake is infinite where a
    tempting deviation cannot be told from the deal.
    """

    temptation: float
    low_if_deal: float
    low_if_deviation: float
    stake: float
    response_loss: float
    response_gain: float
    damage: float
    row_gain: float
    row_punishment_loss: float = field(metadata={"key": "row_war_loss"})
    column_punishment_loss: float = field(metadata={"key": "column_war_loss"})


def primitives(pact: Pact) -> PledgePrimitives:
    """Return the primitives of a pact under its threshold trigger."""
    mask = pact.mask(pact.trigger)
    (row, column), punishment = pact.deal, pact.punishment
    first, second = pact.stage.payoffs
    low = pact.monitoring.likelihood[row] @ mask
    gains = second[row] - second[row, column]
    stakes = stakes_needed(gains, low - low[column])
    others = np.where(np.arange(len(gains)) == column, -np.inf, gains)
    worst = int(stakes.argmax() if stakes.max() > 0 else others.argmax())
    exits = np.delete(first[:, column], row) - first[row, column]
    return PledgePrimitives(
        temptation=float(gains[worst]),
        low_if_deal=float(low[column]),
        low_if_deviation=float(low[worst]),
        stake=float(stakes[worst]),
        response_loss=float(second[row, column] - second[punishment[0], column]),
        response_gain=float(first[punishment[0], column] - first[row, column]),
        damage=float(first[row, column] - first[row, worst]),
        row_gain=float(exits.max(initial=-np.inf)),
        row_punishment_loss=float(first[row, column] - first[punishment]),
        column_punishment_loss=float(second[row, column] - second[punishment]),
    )


def stakes_needed(gains: Floats, more: Floats) -> Floats:
    """Return g / (q - p) for each deviation: 0 where it does not tempt, infinite where it is caught no more often."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stakes = np.where(more > SAME_CHANCE, gains / more, np.inf)
    return np.where(gains > 0, stakes, 0.0)


def separating_pledges(
    loss: float, gain: float, low_if_deal: float, low_if_deviation: float
) -> tuple[float, float] | None:
    """Return the pledges that the honest type signs and the opportunist does not; None when there are none.

    loss: what the response costs (h), gain: what the deviation brings (g). A pledge tells nobody apart when a low month
    is impossible without a deviation and the opportunist could keep to its word for free.
    """
    if low_if_deal == 0:
        least = loss / low_if_deviation if low_if_deviation else math.inf
        return (least, math.inf) if loss <= gain and math.isfinite(least) else None
    least = max(loss / low_if_deviation, (loss - gain) / low_if_deal) if low_if_deviation else math.inf
    most = loss / low_if_deal
    return (least, most) if least <= most else None


def trust_threshold(gain: float, damage: float) -> float:
    """Return mu*, the largest P(opportunist) at which keeping the tariff is best, within [0, 1].

    gain: f from the response, damage: D from the deviation. Raises `InputError` for a damage that is not positive.
    """
    if not damage > 0:
        raise InputError.single("trust threshold", "damage", f"must be above 0, got {damage:g}")
    return min(1.0, max(0.0, 1 - gain / damage))


def reversion_discount(gain: float, loss: float, low_if_deal: float, low_if_deviation: float) -> float | None:
    """Return the least discount factor under permanent reversion after a low month: g / (g + (q - p) L - p g).

    None when no patience is enough.
    """
    if gain <= 0:
        return 0.0
    room = (low_if_deviation - low_if_deal) * loss - low_if_deal * gain
    return gain / (gain + room) if room > 0 else None


class PledgeThresholds(Value):
    """The pledge and trust thresholds of one pact; amounts in its unit.

    trust: mu*, None when a deviation does no damage. tie: pledge that ties hands, with its cost on the path p a.
    band: pledges that separate, None when there are none.
    """

    numbers: PledgePrimitives
    trust: float | None
    tie: float
    tie_cost: float
    band: tuple[float, float] | None

    def sentences(self, unit: str, first: str, second: str) -> tuple[str, ...]:
        """Return the thresholds in words, for players named `first` and `second`."""
        sentences = []
        if self.trust is not None:
            sentences.append(
                f"{first[0].upper()}{first[1:]} does best to keep to the deal while the chance that {second} would "
                f"hold back on purpose is at most {self.trust:.3f}."
            )
        if math.isinf(self.tie):
            sentences.append(f"No pledge of {second} ties its hands: a low month says nothing about what it did.")
        elif self.tie == 0:
            sentences.append(f"Nothing tempts {second}: there are no hands to tie.")
        else:
            sentences.append(
                f"A pledge ties {second}'s hands from {self.tie:.3f} {unit} a low month on, which costs it "
                f"{self.tie_cost:.3f} in expectation; a smaller one is empty."
            )
        if self.band is None:
            sentences.append(f"No pledge tells an honest {second} from an opportunist.")
        else:
            low, high = self.band
            upper = "any larger one" if math.isinf(high) else f"{high:.3f}; nobody signs a larger one"
            sentences.append(f"A pledge reveals who {second} is from {low:.3f} {unit} a low month to {upper}.")
            if 0 < self.tie < low:
                sentences.append(
                    f"Tying hands takes {100 * self.tie / low:.0f} % of the stake that telling types apart takes: the "
                    f"call need not reveal who {second} is."
                )
        return tuple(sentences)


def pledge_thresholds(pact: Pact) -> PledgeThresholds:
    """Return the thresholds of a pact under its threshold trigger."""
    numbers = primitives(pact)
    p, q = numbers.low_if_deal, numbers.low_if_deviation
    tie = numbers.stake
    trust = trust_threshold(numbers.response_gain, numbers.damage) if numbers.damage > 0 else None
    band = separating_pledges(numbers.response_loss, numbers.temptation, p, q) if numbers.temptation > 0 else None
    return PledgeThresholds(numbers, trust, tie, p * tie if math.isfinite(tie) else math.inf, band)
