"""An economic scenario computed again from docs/model.md alone: payoffs, signals, punishment, regimes, values.

Nothing of the package is used. Numbers are read from the scenario file as plain TOML; delays are integrated
numerically, suprema searched on lists of shares. The US comes first in pairs. Left out: shares withheld elsewhere, a
second published figure, elasticities of 1.
"""

import functools
import math
import re
import tomllib
from types import SimpleNamespace

import numpy as np
from scipy.special import ndtr

LENGTHS = (*range(1, 25), 30, 36, 48, 60, math.inf)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(240)  # the integrand is as smooth as the noise is wide
ABOVE = 1e-9  # how far above a jump its upper side is looked at
CHANGE = re.compile(r"(\S+) (\*?=) (\S+)")
REVERSION, RULES = "mutual_reversion", ("mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")


def read(file):
    """Return a scenario file, with its parameters by path, their numbers and the changes of each call."""
    tree = tomllib.loads(file.read_text("utf-8"))
    leaves = dict(_leaves(tree))
    numbers = {path: leaf["value"] for path, leaf in leaves.items()}
    calls = {call["name"]: call["changes"] for call in tree["calls"]}
    return SimpleNamespace(tree=tree, leaves=leaves, numbers=numbers, calls=calls)


def _leaves(tree, path=""):
    for key, part in tree.items():
        if isinstance(part, dict):
            yield from [(path + key, part)] if "value" in part else _leaves(part, f"{path}{key}.")


def changed(numbers, changes):
    """Return the numbers after the changes of a call."""
    for path, sign, text in (CHANGE.fullmatch(change).groups() for change in changes):
        numbers = numbers | {path: numbers[path] * float(text) if sign == "*=" else float(text)}
    return numbers


class Game:
    """The game of a scenario's numbers: payoffs, signals, what China chooses from, punishment, stake, thresholds."""

    def __init__(self, numbers, deal, any_share, punishment=None):
        self.numbers, self.any_share = numbers, any_share
        leaves = [(*path.rpartition("."), number) for path, number in numbers.items()]
        self.of = functools.cache(lambda name: SimpleNamespace(**{end: x for at, _, end, x in leaves if at == name}))
        us, china = ([p.split(".")[2] for p in numbers if p.startswith(f"actions.{who}.")] for who in ("us", "china"))
        tariffs = np.array([numbers[f"actions.us.{name}.tariff"] for name in us])
        shares = [numbers[f"actions.china.{name}.withheld"] for name in china]
        self.shares = np.array([*shares, self.best_share()] if any_share else shares)
        self.deal = us.index(deal[0]), china.index(deal[1])
        stands = np.where(tariffs == tariffs[self.deal[0]], 1, numbers["legal.snapback_survival"])
        market = self.market("us", tariffs, tariffs[self.deal[0]])
        revenue, buyers, self.cost, lost = (stands * part for part in market)
        n, wanted = self.of("tariffs.us"), numbers["politics.us.preferred_tariff"]
        part = n.demand_elasticity * (1 - (1 + n.inverse_supply_elasticity) / (1 + wanted))
        temptation, worth = buyers + (1 + part / (1 - part)) * revenue, self.gain(self.shares)
        own_revenue, own_buyers, own_cost, _ = self.own_tariffs(self.shares)
        damage, premium = self.damage(self.of("minerals"), self.shares), 1 + numbers["minerals.security_premium"]
        self.payoffs = np.array([temptation[:, None] - premium * damage - own_cost, worth - self.cost[:, None]])
        real = [(buyers + revenue)[:, None] - damage - own_cost, own_revenue + own_buyers - self.cost[:, None]]
        for name in dict.fromkeys(path.split(".")[1] for path in numbers if path.startswith("third_parties.")):
            third = self.of(f"third_parties.{name}")
            diverted = (third.diversion_gain - third.deflection_loss) * lost
            real.append(diverted[:, None] - self.damage(third, third.exposure * self.shares))
        self.punishment = int(temptation.argmax()), int(np.flatnonzero(worth == worth.max())[-1])
        if punishment:
            self.punishment = us.index(punishment[0]), china.index(punishment[1])
        self.real, self.worth = np.array(real), np.array([*self.payoffs, *real[2:]])  # worth: third parties too
        self.after, self.standing = self.worth[:, *self.punishment], self.worth[:, *self.deal].copy()
        self.kept, self.low = self.shares[self.deal[1]], self.low_chance(self.shares)
        self.p, self.pledges, time = self.low[self.deal[1]], self.of("pledges"), self.of("patience")
        side, self.china_cost = self.pledges.side_payment, self.pledges.china_audience_cost
        self.standing[:2] += -side, side - self.china_cost * self.p
        self.interest, survival = time.monthly_discount, 1 - 1 / time.expected_life_months
        self.discount, self.common = self.interest * survival, self.interest * time.common_survival
        self.stage_slack = -max(self.gains(self.punishment))
        sides = zip(self.gains(self.deal), self.payoffs[:, *self.deal] - self.after[:2], strict=True)
        self.thresholds = [0 if gain <= 0 else gain / (gain + loss) if loss > 0 else None for gain, loss in sides]
        self.stake, self.ceiling, self.binding = self.stakes()

    def gains(self, profile):
        """Return what each side gains by its best action against a profile."""
        row, column = profile
        return np.array([self.payoffs[0, :, column].max(), self.payoffs[1, row].max()]) - self.payoffs[:, row, column]

    def market(self, country, rates, base):
        """Return (revenue, buyers' surplus, exporters' loss, imports lost) at tariffs, against those of the base."""
        n = self.of(f"tariffs.{country}")
        value, eps, omega = n.import_value, n.demand_elasticity, n.inverse_supply_elasticity
        tau, theta = (1 + rates) / (1 + base), eps * omega / (1 + eps * omega)
        imports = value * tau ** (-eps * (1 + omega) / (1 + eps * omega))
        buyers = (1 + base) * value / (eps - 1) * (tau ** ((1 - eps) * (1 - theta)) - 1)
        lost = value - imports
        return rates * imports - base * value, buyers, (omega / (1 + omega) + n.exporter_adjustment_loss) * lost, lost

    def own_tariffs(self, x):
        """Return China's market at the tariff that comes with each share."""
        n, line = self.of("tariffs.china"), self.of("minerals").embargo_threshold
        return self.market("china", np.where(x > line, n.embargo_rate, n.base_rate), n.base_rate)

    def damage(self, user, x):
        """Return the economic damage to a user of minerals."""
        n = self.of("minerals")
        r = (n.substitution - 1) / n.substitution
        index = (1 - n.weight) + n.weight * (1 - user.china_share * x) ** r
        return user.dependent_output * (1 - index ** (1 / r))

    def leverage(self):
        """Return what leverage is worth at most: as given, or kappa times the damage when 40 % are withheld."""
        n = self.of("minerals")
        if hasattr(n, "leverage"):
            return n.leverage
        return n.leverage_per_damage * (1 + n.security_premium) * self.damage(n, 0.40)

    def gain(self, x):
        """Return g(x), own tariffs included."""
        n = self.of("minerals")
        worth = self.leverage() * (1 - np.exp(-((x / n.leverage_scale) ** 2))) - n.forgone_revenue * x
        worth -= n.convex_cost * x**2 / 2 + n.embargo_cost * (x > n.embargo_threshold)
        return worth + sum(self.own_tariffs(x)[:2])

    def best_share(self):
        """Return x^N: the best of five candidates, x° by repetition."""
        n = self.of("minerals")
        peak, line, above = n.leverage_scale, n.embargo_threshold, min(n.embargo_threshold + ABOVE, 1.0)
        for _ in range(2000):
            cost = n.convex_cost + n.forgone_revenue / peak if peak > 0 else math.inf
            inside = 2 * self.leverage() / (n.leverage_scale**2 * cost)
            peak = n.leverage_scale * math.sqrt(math.log(inside)) if inside > 1 else 0.0
        tried = np.array([0.0, min(peak, line), above, min(max(peak, above), 1.0), 1.0])
        return tried[self.gain(tried).argmax()]

    def low_chance(self, x, line=None):
        """Return q(x), or P(y < line, not verified | x), by quadrature over the size of a delay."""
        n = self.of("monitoring")
        with np.errstate(divide="ignore"):
            k = np.log(line or n.trigger) - np.log(1 - x) + n.noise**2 / 2
        delays = (n.delay_min + n.delay_max) / 2 + (n.delay_max - n.delay_min) / 2 * NODES
        late = ndtr((k[..., None] - np.log(1 - delays)) / n.noise) @ WEIGHTS / 2
        unexplained = n.delay_probability * np.where(x == 0, 1 - n.verification, 1)
        return (1 - n.delay_probability) * ndtr(k / n.noise) + unexplained * late

    def stakes(self):
        """Return the least and the largest stake that deter what China may choose, and the share that binds."""
        line, tops = self.numbers["minerals.embargo_threshold"], []
        asked = [self.asked(np.delete(self.shares, self.deal[1]))]
        for ends in [(ABOVE, line), (line + ABOVE, 1.0)] if self.any_share else []:
            for _ in range(4):
                piece = np.linspace(*ends, 1001)
                asked.append(self.asked(piece))
                place = asked[-1][0].argmax()
                tops.append((asked[-1][0][place], piece[place]))
                ends = piece[max(place - 1, 0)], piece[min(place + 1, 1000)]
        least, most = max(one[0].max() for one in asked), min(one[1].min() for one in asked)
        top, binding = max(tops, default=(least, None))
        return least, most, binding if top > 0 else None

    def asked(self, x):
        """Return the least and the largest stake that each share asks for."""
        gain, more = self.gain(x) - self.gain(np.array([self.kept])), self.low_chance(x) - self.p
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = gain / more
        hopeless = np.where((gain > 1e-9) & (more > -1e-15), np.inf, -np.inf)
        return np.where(more > 1e-15, ratio, hopeless), np.where(more < -1e-15, ratio, np.inf)


def response(g, rule):
    """Return the profile that a regime plays after a low month, None where there is no such regime."""
    if rule == REVERSION:
        return g.punishment
    dear, usual = g.cost - g.cost[g.deal[0]], g.punishment[0]
    heavy, mild = int(dear.argmax()), usual if dear[usual] > 0 else int(np.where(dear > 0, dear, np.inf).argmin())
    tariff = mild if rule == "proportional_snapback" else heavy
    return None if dear[tariff] <= 0 or (rule == "heavy_snapback" and heavy == mild) else (tariff, g.deal[1])


def trigger_regimes(g, rule, discount, lengths=LENGTHS):
    """Yield a response regime for each length: values V_0 and margin, at least 0 where nobody gains by deviating."""
    (row, column), odds = response(g, rule), discount / (1 - discount)
    flow, again = g.worth[:, row, column], 0.0 if rule == REVERSION else g.low[column]
    steps = [(0 * flow, 1.0, 0.0)]  # V_k = base + start V_0 + anew V_T
    for _ in range(60):
        base, start, anew = (discount * (1 - again) * part for part in steps[-1])
        steps.append(((1 - discount) * flow + base, start, discount * again + anew))
    bases, starts, anews = (np.array(part).reshape(61, -1) for part in zip(*steps, strict=True))
    leave = (1 - discount) * np.delete(g.payoffs[0, :, column], row).max() + discount * g.after[0]
    for length, forever in ((length, math.isinf(length)) for length in lengths):
        base, start, anew = (flow, 0.0, 0.0) if forever else steps[length]
        base, start = base / (1 - anew), start / (1 - anew)
        good = (1 - discount) * g.standing + discount * g.p * base
        good = good / (1 - discount * (1 - g.p + g.p * start))
        worst = base + start * good
        left = np.array([worst] * 2) if forever else (bases + starts * good + anews * worst)[: length + 1]
        stakes = [odds * (good - worst)[1] + g.china_cost, *(odds * (left[:-1] - worst)[:, 1] if again else ())]
        deterred = (1 - discount) * min(min(stakes) - g.stake, g.ceiling - max(stakes))
        margin = min((1 - discount) * g.stage_slack, stay(g, good[0], discount), left[1:, 0].min() - leave, deterred)
        yield SimpleNamespace(values=good, margin=margin, length=length, payment=0.0)


def stay(g, value, discount):
    """Return what the US loses by leaving the deal in good standing."""
    exits = np.delete(g.payoffs[0, :, g.deal[1]], g.deal[0]).max() - g.pledges.us_audience_cost
    return value - (1 - discount) * exits - discount * g.after[0]


def compensated(g, discount):
    """Return compensation with the least payment that works."""
    arrives, cap = g.pledges.compensation_efficiency, g.pledges.compensation_cap
    payment = max(0.0, g.stake - g.china_cost, -stay(g, g.standing[0], discount) / (arrives * g.p))
    worth = g.standing + payment * g.p * np.array([arrives, -1, *[0] * (len(g.standing) - 2)])
    pays = discount * (worth[1] - g.after[1]) - (1 - discount) * payment
    margin = min(cap - payment, pays, g.stage_slack, g.ceiling - g.china_cost - payment)
    return SimpleNamespace(values=worth, margin=margin, length=0.0, payment=payment)


def best(g, rule, discount):
    """Return the regime with the best T or b, None where it does not hold."""
    tried = [compensated(g, discount)] if rule == "compensation" else trigger_regimes(g, rule, discount)
    holding = [one for one in tried if one.margin >= -1e-12]
    top = max((one.values[:2].sum() for one in holding), default=0.0)
    return next((one for one in holding if one.values[:2].sum() >= top - 1e-12), None)


def least_discount(g, rule):
    """Return the least discount factor at which a regime holds, to 1e-8; None where there is none up to .99."""
    grid = np.linspace(0.01, 0.99, 50)
    first = next((place for place, discount in enumerate(grid) if best(g, rule, discount)), None)
    if not first:
        return None if first is None else grid[0]
    low, high = grid[first - 1], grid[first]
    while high - low > 1e-8:
        middle = (low + high) / 2
        low, high = (low, middle) if best(g, rule, middle) else (middle, high)
    return high


def punished(g, rule, length):
    """Return the long-run share of months in the response; under compensation of months with a payment."""
    expected = length if rule == REVERSION else ((1 - g.p) ** -length - 1) / g.p
    return g.p if rule == "compensation" else 1 - 1 / (1 + g.p * expected)


def common(g, rule, terms):
    """Return the values of both and of third parties at the common discount, the punishment after the truce."""
    again = terms if rule == "compensation" else next(trigger_regimes(g, rule, g.common, (terms.length,)))
    weight = (1 - g.interest) / (1 - g.common)
    return weight * again.values + (1 - weight) * g.after
