"""Delays that last: a month with a delay is likelier after another one (`monitoring.delay_stay`).

Payoffs and chances of the signals in the stage game are means over both kinds of month, with the long-run share of
months with a delay; rules are judged in each kind of month (solve/regimes/lasting_delays).
"""

import numpy as np

from negotiation._values import Bools
from negotiation.games.pact import DelayColumns, LastingDelays, Pact, ShareCase
from negotiation.trade.economics.economic_blocks import EconomicBlocks
from negotiation.trade.game.any_share import chosen_shares, delay_cases
from negotiation.trade.game.seen_delay import kinds_of_month
from negotiation.trade.parameters.derived import DELAY_ENTRY, DELAY_PROBABILITY, DELAY_STAY
from negotiation.trade.parameters.registry import CHINA_CHOICE, DELAY_PUBLISHED, DELAY_SEEN
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import Scenario


def with_lasting_delays(pact: Pact, blocks: EconomicBlocks, scenario: Scenario) -> Pact:
    """Return the pact with both kinds of month; player 1 knows which it is where it sees its desk."""
    months = kinds_of_month(pact, blocks)
    delays = LastingDelays(
        scenario.value(DELAY_ENTRY),
        scenario.value(DELAY_STAY),
        months,
        knows=scenario.delay_seen,
        published=scenario.value(DELAY_PUBLISHED) != 0,
    )
    fine = pact.fine and pact.fine.replace(enclosure=None)
    return pact.replace(delays=delays, fine=fine, informed=months if scenario.delay_seen else ())


def delay_columns(points: ParameterColumns, blocks: EconomicBlocks, hit: Bools) -> DelayColumns | None:
    """Return the lasting delays of N points, None where delays last at none of them.

    hit: (..., Y), the signals that count as low. Where delays say nothing of the next month both chances are equal.
    """
    read = points.value
    if not np.any(read(DELAY_STAY)):
        return None
    numbers = (read(DELAY_PROBABILITY), read(DELAY_ENTRY), read(DELAY_STAY), read(DELAY_SEEN))
    late, entry, stay, knows = (np.broadcast_to(each, (points.count, 1))[:, 0] for each in numbers)
    stay = np.where(stay > 0, stay, entry)
    chain = np.stack([np.stack([1 - entry, entry], axis=-1), np.stack([1 - stay, stay], axis=-1)], axis=1)
    kinds = delay_cases(blocks)
    chosen = np.broadcast_to(np.not_equal(read(CHINA_CHOICE), 0), (points.count, 1))[:, 0]
    rows = [kind.figures.likelihood(blocks.withheld, blocks.elsewhere) for kind in kinds]
    low = [np.einsum("...by,...y->...b", row, np.broadcast_to(hit, (*row.shape[:-2], row.shape[-1]))) for row in rows]
    shape = points.count, blocks.tariffs.shape[-1], blocks.withheld.shape[-1]
    return DelayColumns(
        chain=chain,
        low=np.stack([np.broadcast_to(each[..., None, :], shape) for each in low]),
        late=late,
        beliefs=np.where(knows[:, None] != 0, [0.0, 1.0], np.stack([entry, stay], axis=-1)),
        shares=tuple(ShareCase(chosen_shares(points, kind), chosen) for kind in kinds) if chosen.any() else (),
    )
