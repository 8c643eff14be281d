"""Numbers of which a scenario gives one of two, the other following from it by a formula of docs/model.md.

Leverage itself or kappa, leverage for each dollar of damage; the preferred tariff or lambda, the weight on revenue; the
long-run share of months with a delay or the chance that a delay begins.
Giving one unties the other. Every formula reads single numbers or columns (N, 1) of them.
"""

import math
from collections.abc import Callable, Container

import numpy as np

from negotiation._values import Floats, Reals
from negotiation.trade.economics.markets import ImportMarket, MineralUse
from negotiation.trade.parameters.parameter import Parameter, interval
from negotiation.trade.parameters.registry import ALTERNATIVES, INSTEAD_OF, lookup

Read = Callable[[str], Reals]  # path -> number, or column of numbers

LEVERAGE_PATH, PER_DAMAGE = "minerals.leverage", "minerals.leverage_per_damage"
PREFERRED_TARIFF, REVENUE_WEIGHT = "politics.us.preferred_tariff", "politics.us.revenue_weight"
DELAY_PROBABILITY, DELAY_ENTRY, DELAY_STAY = (f"monitoring.delay_{name}" for name in ("probability", "entry", "stay"))
# share withheld at whose damage leverage is measured, the slow-walk of the shipped scenarios; a change of theirs does
# not move it, and another share would only need another kappa
MEASURED_AT = 0.40
CHANCE_EQUALITY = 1e-12  # part by which two equal chances may differ, since one of them follows by a formula
MINERALS = ("dependent_output", "weight", "substitution", "china_share", "security_premium")


def mineral_use(read: Read) -> MineralUse:
    """Return the use of minerals in the US."""
    return MineralUse(**{name: read(f"minerals.{name}") for name in MINERALS})


def _damage(read: Read) -> Floats:
    return mineral_use(read).damage(np.asarray(MEASURED_AT))


def _us_market(read: Read) -> ImportMarket:
    """Return a market with the elasticities of US imports; weight and tariff do not turn on how large it is."""
    demand, supply = (read(f"tariffs.us.{name}_elasticity") for name in ("demand", "inverse_supply"))
    return ImportMarket(1.0, 0.0, demand, supply, 1.0)


def _long_run_share(read: Read) -> Reals:
    """Return the share of months with a delay in the long run, from the chances that one begins and that it lasts."""
    entry, stay = read(DELAY_ENTRY), read(DELAY_STAY)
    return np.where(np.equal(stay, 0), entry, np.divide(entry, np.add(1, np.subtract(entry, stay))))


def _delay_entry(read: Read) -> Reals:
    """Return the chance of a delay after a month without one, from the long-run share of months with a delay."""
    share, stay = read(DELAY_PROBABILITY), read(DELAY_STAY)
    lasting = np.divide(np.multiply(share, np.subtract(1, stay)), np.subtract(1, share))
    return np.where(np.equal(stay, 0), share, lasting)


FORMULAS: dict[str, tuple[str, Callable[[Read], Reals]]] = {
    LEVERAGE_PATH: ("kappa x D(.40)", lambda read: read(PER_DAMAGE) * _damage(read)),
    PER_DAMAGE: ("Lambda / D(.40)", lambda read: np.divide(read(LEVERAGE_PATH), _damage(read))),
    PREFERRED_TARIFF: (
        "the tariff that maximises surplus + (1 + lambda) revenue",
        lambda read: _us_market(read).preferred_rate(read(REVENUE_WEIGHT)),
    ),
    REVENUE_WEIGHT: (
        "the weight on revenue at which t* is the best tariff",
        lambda read: _us_market(read).revenue_weight(read(PREFERRED_TARIFF)),
    ),
    DELAY_PROBABILITY: ("the long-run share, entry / (1 + entry - stay)", _long_run_share),
    DELAY_ENTRY: ("the chance at which the long-run share is q, q (1 - stay) / (1 - q)", _delay_entry),
}


def follow(path: str, read: Read) -> Reals:
    """Return the number that follows at `path` from the other one of its pair; not finite where none fits."""
    with np.errstate(all="ignore"):
        return FORMULAS[path][1](read)


def derived(path: str, read: Read, *given: Container[str]) -> Reals | None:
    """Return what `follow` does where the other one of the pair is `given`, and not `path` itself; elsewhere None."""
    other = ALTERNATIVES.get(path)
    if other is None or any(path in paths for paths in given) or not any(other in paths for paths in given):
        return None
    return follow(path, read)


def tied_parameter(path: str, given: Parameter, read: Read) -> Parameter:
    """Return what follows at `path` from the `given` one of its pair: value, range and, from that one, source and date.

    The value is not finite where nothing follows; an end of the range is then left out.
    """
    entry = lookup(path)
    assert entry is not None
    legal = interval(entry.domain)

    def following(number: Reals | None) -> float:
        start = math.nan if number is None else number
        return float(follow(path, lambda name: start if name == ALTERNATIVES[path] else read(name)))

    ends = {name: end if (end := following(getattr(given, name))) in legal else None for name in ("low", "high")}
    fields = {
        "value": following(read(ALTERNATIVES[path])),
        "unit": entry.unit,
        "meaning": entry.meaning,
        "domain": entry.domain,
    }
    return Parameter._unchecked(**{**vars(given), **ends, **fields, "instead_of": None})


def tied_text(path: str) -> str:
    """Return by which formula a number follows from the other one of its pair, in words."""
    return f"tied: {FORMULAS[path][0]}"


def switch_notice(path: str) -> str:
    """Return the notice that the number at `path` is given where the other one of its pair was before."""
    other = ALTERNATIVES[path]
    if path in INSTEAD_OF:
        return f"{other} follows from {path} now ({tied_text(other)})"
    return f"{path} is given itself and no longer follows from {other} (it was {tied_text(path)})"
