"""China sees its desk: it knows whether a delay holds up licences before it chooses what to withhold.

A month's action is then a plan, a share for months without a delay and one for months with it. Payoffs and chances of
the signals are means over both kinds of month, with weights 1 - q and q, so that no plan pays exactly when nothing pays
in either kind of month. A listed action is the plan that does the same in both. Whether a delay would be verified is
not known beforehand: who withholds nothing in a month with a delay may be verified whatever it does in other months.
"""

from collections.abc import Callable

import numpy as np

from negotiation._values import Bools, Floats, Ints, Reals
from negotiation.games.pact import Pact
from negotiation.trade.economics.economic_blocks import EconomicBlocks
from negotiation.trade.game.any_share import UnlistedShares, delay_cases


def plan_pairs(count: int, listed_count: int, deal: int) -> tuple[Ints, Ints]:
    """Return what the plans do in months without and with a delay, indices into `count` actions.

    All pairs of the first `listed_count`, and the last one with `deal` in the other kind of month: where
    any share counts that is the binding share. More plans cost the payoff sets minutes.
    """
    last = {(deal, count - 1), (count - 1, deal)}
    pairs = [
        (i, j) for i in range(count) for j in range(count) if i != j and ((i, j) in last or max(i, j) < listed_count)
    ]
    calm, late = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return calm, late


def with_plans(pact: Pact, blocks: EconomicBlocks, listed_count: int) -> Pact:
    """Return the pact in which player 1 has plans as further actions, and knows which kind of month it is.

    Nothing is proven of the shares between: the enclosures, which speak of the mean month, are left out.
    """
    names, pairs = pact.stage.actions[1], plan_pairs(len(pact.stage.actions[1]), listed_count, pact.deal[1])
    plans = (f"{names[i]}_but_{names[j]}_in_a_delay" for i, j in zip(*pairs, strict=True))
    actions = pact.stage.actions[0], (*names, *plans)
    q = float(np.asarray(blocks.figures.us.delay_probability))
    months = kinds_of_month(pact, blocks)
    # payoffs and likelihood of the plans in each kind of month
    plan_numbers = [
        (month.stage.payoffs[..., plans_do], month.monitoring.likelihood[:, plans_do])
        for month, plans_do in zip(months, pairs, strict=True)
    ]
    mean = [(1 - q) * calm + q * late for calm, late in zip(*plan_numbers, strict=True)]
    likely = [
        month for month, chance in zip(zip(months, plan_numbers, strict=True), (1 - q, q), strict=True) if chance > 0
    ]
    informed = tuple(_with_actions(month, actions, *more) for month, more in likely)
    fine = pact.fine and pact.fine.replace(enclosure=None)
    return _with_actions(pact, actions, *mean).replace(fine=fine, informed=informed)


def kinds_of_month(pact: Pact, blocks: EconomicBlocks) -> tuple[Pact, Pact]:
    """Return the pact of a month without a delay and of one with a delay."""
    calm, late = (_month(pact, kind) for kind in delay_cases(blocks))
    return calm, late


def _month(pact: Pact, blocks: EconomicBlocks) -> Pact:
    model, fine = UnlistedShares(blocks), pact.fine
    likelihood = blocks.figures.likelihood(blocks.withheld, blocks.elsewhere)
    if fine is not None:
        payoffs, chances = model(fine.levels, fine.beside)
        fine = fine.replace(payoffs=payoffs, likelihood=chances, model=model, enclosure=None)
    return pact.replace(
        stage=pact.stage.replace(payoffs=np.array(blocks.political())),
        monitoring=pact.monitoring.replace(likelihood=np.broadcast_to(likelihood, pact.monitoring.likelihood.shape)),
        fine=fine,
    )


def _with_actions(pact: Pact, actions: tuple[tuple[str, ...], ...], payoffs: Floats, likelihood: Floats) -> Pact:
    """Return the pact with further actions of player 1, their payoffs (2, |A_0|, P) and likelihood (|A_0|, P, Y)."""
    payoffs = np.concatenate([pact.stage.payoffs, payoffs], axis=-1)
    likelihood = np.concatenate([pact.monitoring.likelihood, likelihood], axis=1)
    return pact.replace(
        stage=pact.stage.replace(actions=actions, payoffs=payoffs),
        monitoring=pact.monitoring.replace(likelihood=likelihood),
    )


def with_plan_means(
    blocks: EconomicBlocks, listed_count: int, deal: int, values: Callable[[EconomicBlocks], Floats]
) -> Floats:
    """Return values (..., |A_1|) of player 1's actions with those of the plans, means over both kinds of month."""
    every, (calm, late) = values(blocks), (values(kind) for kind in delay_cases(blocks))
    first, second = plan_pairs(every.shape[-1], listed_count, deal)
    q = float(np.asarray(blocks.figures.us.delay_probability))
    return np.concatenate([every, (1 - q) * calm[..., first] + q * late[..., second]], axis=-1)


def with_plan_columns(
    blocks: EconomicBlocks, hit: Bools, knows: Reals, numbers: tuple[Floats, Floats], deal: int
) -> tuple[Floats, Floats]:
    """Return payoffs (..., 2, |A_0|, |A_1|) and chances of a low month (..., 1, |A_1|) of N points with plans added.

    hit: (..., Y), the signals that count as low. knows: (N, 1), where plans count; elsewhere they repeat what they are
    without a delay.
    """
    payoffs, low = numbers
    calm, late = plan_pairs(payoffs.shape[-1], payoffs.shape[-1], deal)
    q = np.where(knows, blocks.figures.us.delay_probability, 0.0)[..., None]
    months = [
        (kind.figures.likelihood(blocks.withheld, blocks.elsewhere) * hit[..., None, :]).sum(axis=-1)[..., None, :]
        for kind in delay_cases(blocks)
    ]
    mean = (1 - q) * months[0][..., calm] + q * months[1][..., late]
    plan_values = np.where(np.asarray(knows)[..., None], mean, low[..., calm])
    plan_payoffs = payoffs[..., calm] + q[..., None] * (payoffs[..., late] - payoffs[..., calm])
    return _beside(payoffs, plan_payoffs), _beside(low, plan_values)


def _beside(values: Floats, plan_values: Floats) -> Floats:
    return np.concatenate([np.broadcast_to(values, (*plan_values.shape[:-1], values.shape[-1])), plan_values], axis=-1)
