"""The default scenario computed again from docs/model.md: payoffs, signals, regimes, lengths, least discount factors.

Nothing of the package is used: the numbers are read from the scenario file as plain TOML, signals are integrated
numerically, values come from one linear system a regime, least discount factors from bisection. Actions are numbered as
in the file: keep, partial, full and license, slow-walk, withhold; the deal is (0, 0), war (1, 1).
"""

import math
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from scipy.integrate import quad
from scipy.special import ndtr

FILE = Path(__file__).parents[3] / "negotiation" / "data" / "scenarios" / "rollback-2025.toml"
DEAL, WAR, SNAPBACK = (0, 0), (1, 1), (1, 0)
LENGTHS = (math.inf, *range(1, 25))
PUNISHMENTS = {"mutual_reversion": (WAR, False), "proportional_snapback": (SNAPBACK, True)}
CHANGE = re.compile(r"(\S+) (\*?=) (\S+)")


def outcomes():
    """Return call outcome -> (selected regime, the numbers that hold after it, by path)."""
    tree = tomllib.loads(FILE.read_text("utf-8"))
    calls = tree.pop("calls")
    base = dict(_leaves(tree))
    return {call["name"]: (call["regime"], _changed(base, call["changes"])) for call in calls}


def _leaves(tree, path=""):
    for key, item in tree.items():
        if isinstance(item, dict) and "value" in item:
            yield path + key, item["value"]
        elif isinstance(item, dict):
            yield from _leaves(item, f"{path}{key}.")


def _changed(numbers, changes):
    numbers = dict(numbers)
    for path, sign, text in (CHANGE.fullmatch(change).groups() for change in changes):
        numbers[path] = numbers[path] * float(text) if sign == "*=" else float(text)
    return numbers


def game(numbers):
    """Return payoffs (2, 3, 3), economic values (4, 3, 3), chances of a low month by withheld share, pledges."""
    tariffs = np.array([numbers[f"actions.us.{name}.tariff"] for name in ("keep", "partial", "full")])
    shares = np.array([numbers[f"actions.china.{name}.withheld"] for name in ("license", "slow_walk", "withhold")])
    mineral = {key.removeprefix("minerals."): value for key, value in numbers.items() if key.startswith("minerals.")}
    embargo = shares > mineral["embargo_threshold"]
    eps, omega = (numbers[f"tariffs.us.{name}_elasticity"] for name in ("demand", "inverse_supply"))
    part = eps * (1 - (1 + omega) / (1 + numbers["politics.us.preferred_tariff"]))
    weight = 1 + part / (1 - part)
    revenue, buyers, sellers, lost = _market(numbers, "us", tariffs, tariffs[0])
    own_rate = np.where(embargo, numbers["tariffs.china.embargo_rate"], numbers["tariffs.china.base_rate"])
    own_revenue, own_buyers, own_sellers, _ = _market(numbers, "china", own_rate, numbers["tariffs.china.base_rate"])
    damage = _damage(mineral, mineral["dependent_output"], mineral["china_share"], shares)
    gain = mineral["leverage"] * (1 - np.exp(-((shares / mineral["leverage_scale"]) ** 2)))
    gain -= mineral["forgone_revenue"] * shares + mineral["convex_cost"] * shares**2 / 2
    gain += own_revenue + own_buyers - mineral["embargo_cost"] * embargo
    stands = np.where(tariffs > tariffs[0], numbers["legal.snapback_survival"], 1.0)
    premium = 1 + mineral["security_premium"]
    us = (stands * (buyers + weight * revenue))[:, None] - (premium * damage + own_sellers)
    china = gain - (stands * sellers)[:, None]
    real = [
        (stands * (buyers + revenue))[:, None] - (damage + own_sellers),
        own_revenue + own_buyers - (stands * sellers)[:, None],
    ]
    for name in ("eu", "india"):
        third = {key: numbers[f"third_parties.{name}.{key}"] for key in
                 ("dependent_output", "china_share", "diversion_gain", "deflection_loss", "exposure")}  # fmt: skip
        harm = _damage(mineral, third["dependent_output"], third["china_share"], third["exposure"] * shares)
        real.append(((third["diversion_gain"] - third["deflection_loss"]) * stands * lost)[:, None] - harm)
    return SimpleNamespace(
        payoffs=np.array([us, china]),
        real=np.array(real),
        low=np.array([low_chance(numbers, share) for share in shares]),
        side=numbers["pledges.side_payment"],
        us_cost=numbers["pledges.us_audience_cost"],
        china_cost=numbers["pledges.china_audience_cost"],
        arrives=numbers["pledges.compensation_efficiency"],
        cap=numbers["pledges.compensation_cap"],
        discount=numbers["patience.monthly_discount"] * (1 - 1 / numbers["patience.expected_life_months"]),
    )


def _market(numbers, country, rates, base):
    """Return (revenue, buyers' surplus, exporters' loss, imports lost) of a country, against the base rate."""
    value, eps, omega, idle = (
        numbers[f"tariffs.{country}.{name}"]
        for name in ("import_value", "demand_elasticity", "inverse_supply_elasticity", "exporter_adjustment_loss")
    )
    tau, theta = (1 + rates) / (1 + base), eps * omega / (1 + eps * omega)
    imports = value * tau ** (-eps * (1 + omega) / (1 + eps * omega))
    buyers = (1 + base) * value / (eps - 1) * (tau ** ((1 - eps) * (1 - theta)) - 1)
    lost = value - imports
    return rates * imports - base * value, buyers, (omega / (1 + omega) + idle) * lost, lost


def _damage(mineral, output, share, withheld):
    power = (mineral["substitution"] - 1) / mineral["substitution"]
    index = (1 - mineral["weight"]) + mineral["weight"] * (1 - share * withheld) ** power
    return output * (1 - index ** (1 / power))


def low_chance(numbers, withheld):
    """Return the chance that shipments fall below the trigger line and no delay is verified, by quadrature."""
    monitoring = {k.removeprefix("monitoring."): v for k, v in numbers.items() if k.startswith("monitoring.")}
    sigma, q = monitoring["noise"], monitoring["delay_probability"]
    least, most = monitoring["delay_min"], monitoring["delay_max"]

    def below(delay):
        return ndtr((math.log(monitoring["trigger"] / ((1 - withheld) * (1 - delay))) + sigma**2 / 2) / sigma)

    late = quad(below, least, most, epsabs=1e-13, epsrel=1e-12, limit=500)[0] / (most - least)
    unexplained = 1 - monitoring["verification"] if withheld == 0 else 1.0
    return (1 - q) * below(0.0) + q * unexplained * late


def triggered(g, regime, months, discount):
    """Return the values (2,), the margin, the chain of states and the profile played in each, of a trigger regime.

    State 0 is good standing, k = 1 .. n a month of punishment; for ever is one month that never ends. The margin is the
    least slack of any one-shot deviation: China's changes the chance of a low month, a seen one of the US brings war.
    """
    punishment, restarts = PUNISHMENTS[regime]
    n = 1 if math.isinf(months) else months
    profiles = [DEAL, *[punishment] * n]

    def ahead(state, low):
        row = np.zeros(n + 1)
        if state == 0:
            row[1], row[0] = low, 1 - low
            return row
        row[state if math.isinf(months) else (state + 1) % (n + 1)] = 1.0
        if restarts:
            row *= 1 - low
            row[1] += low
        return row

    def paid(state, us, china):
        """Return what both get in a month: pledges only in good standing, the side payment only while the US keeps."""
        one, two = g.payoffs[:, us, china]
        if state:
            return np.array([one, two])
        side = g.side if us == DEAL[0] else 0.0
        exit_cost = 0.0 if us == DEAL[0] else g.us_cost
        return np.array([one - side - exit_cost, two + side - g.china_cost * g.low[china]])

    chain = np.array([ahead(state, g.low[profiles[state][1]]) for state in range(n + 1)])
    flow = np.array([paid(state, *profiles[state]) for state in range(n + 1)])
    values = np.linalg.solve(np.eye(n + 1) - discount * chain, (1 - discount) * flow)
    outside = g.payoffs[(slice(None), *WAR)]
    slacks = []
    for state, (us, china) in enumerate(profiles):
        for other in range(3):
            if other != china:
                later = ahead(state, g.low[other]) @ values[:, 1]
                worth = (1 - discount) * paid(state, us, other)[1] + discount * later
                slacks.append(values[state, 1] - worth)
            if other != us:
                worth = (1 - discount) * paid(state, other, china)[0] + discount * outside[0]
                slacks.append(values[state, 0] - worth)
    return SimpleNamespace(values=values[0], margin=min(slacks), chain=chain, profiles=profiles)


def long_run(found):
    """Return the share of months in each state on the path, started in good standing."""
    return np.linalg.matrix_power(found.chain, 2**14)[0]


def compensated(g, discount):
    """Return the least payment that deters China and keeps the US from leaving, its values, and the room above it."""
    p = g.low[0]
    gains = [(g.payoffs[1, 0, x] - g.payoffs[1, 0, 0], g.low[x] - p) for x in (1, 2)]
    outside = g.payoffs[(slice(None), *WAR)]
    exits = max(g.payoffs[0, t, 0] for t in (1, 2)) - g.us_cost
    us = g.payoffs[0, 0, 0] - g.side
    staying = ((1 - discount) * exits + discount * outside[0] - us) / (g.arrives * p)
    payment = max(0.0, staying, *(gain / more - g.china_cost for gain, more in gains if gain > 0))
    china = g.payoffs[1, 0, 0] + g.side - p * (g.china_cost + payment)
    pays = discount * (china - outside[1]) - (1 - discount) * payment
    values = np.array([us + g.arrives * p * payment, china])
    return SimpleNamespace(values=values, payment=payment, margin=min(g.cap - payment, pays))


def best_length(g, regime, discount):
    """Return (length, outcome of `triggered`) with the largest joint value where it holds; None if nowhere."""
    found = [(months, triggered(g, regime, months, discount)) for months in LENGTHS]
    good = [item for item in found if item[1].margin >= -1e-12]
    return max(good, key=lambda item: item[1].values.sum()) if good else None


def least_discount(g, regime):
    """Return the least discount factor at which a regime holds with some length or payment, by bisection."""

    def holds(discount):
        if regime == "compensation":
            return compensated(g, discount).margin >= 0
        return any(triggered(g, regime, months, discount).margin >= 0 for months in LENGTHS)

    grid = np.linspace(0.3, 0.98, 35)
    first = next(i for i, discount in enumerate(grid) if holds(discount))
    low, high = grid[first - 1], grid[first]
    while high - low > 1e-8:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
