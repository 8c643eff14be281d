"""The table of known parameters: path (`*` stands for one name), symbol, unit, domain and meaning.

Symbols are those of the model chapter of the documentation. The value and the plausible range belong to a scenario:
they are findings, the domain is mathematics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["economy", "payoffs"]


@dataclass(frozen=True)
class RegistryEntry:
    """What is fixed about a parameter: its path (with `*`), symbol, unit, domain, meaning, and where it belongs.

    kinds: the kinds of scenario that may have it; the first must have it when it is `required`. A unit of
    `MONEY` or "" is that of the payoffs. absent: what an optional parameter counts as in a scenario that leaves it
    out, a number or the path of the parameter whose value it takes.
    """

    path: str
    symbol: str
    unit: str
    domain: str
    meaning: str
    kinds: tuple[Kind, ...] = ("economy",)
    vector: bool = False
    required: bool = True
    absent: float | str | None = None


MONEY = "USD bn/month"
PAYOFFS: tuple[Kind, ...] = ("payoffs",)
BOTH: tuple[Kind, ...] = ("economy", "payoffs")
POSITIVE, NOT_NEGATIVE, CHANCE, INSIDE = "(0, inf)", "[0, inf)", "[0, 1]", "(0, 1)"

REGISTRY: tuple[RegistryEntry, ...] = (
    RegistryEntry("tariffs.us.import_value", "M0", MONEY, POSITIVE, "US goods imports from China under the deal"),
    RegistryEntry(
        "tariffs.us.demand_elasticity", "eps", "elasticity", POSITIVE, "elasticity of US demand for Chinese goods"
    ),
    RegistryEntry(
        "tariffs.us.inverse_supply_elasticity",
        "omega",
        "elasticity",
        POSITIVE,
        "inverse elasticity of Chinese export supply: how far a tariff lowers the world price",
    ),
    RegistryEntry(
        "tariffs.us.exporter_adjustment_loss",
        "kappa_C",
        "share",
        POSITIVE,
        "loss of Chinese exporters for each dollar of lost sales (idle factors)",
    ),
    RegistryEntry("tariffs.china.import_value", "X0", MONEY, POSITIVE, "Chinese goods imports from the US"),
    RegistryEntry(
        "tariffs.china.base_rate", "s(L)", "ad valorem", POSITIVE, "Chinese tariff on US goods without an embargo"
    ),
    RegistryEntry(
        "tariffs.china.embargo_rate",
        "s(W)",
        "ad valorem",
        POSITIVE,
        "Chinese tariff on US goods while minerals are embargoed",
    ),
    RegistryEntry(
        "tariffs.china.demand_elasticity", "eps_X", "elasticity", POSITIVE, "elasticity of Chinese demand for US goods"
    ),
    RegistryEntry(
        "tariffs.china.inverse_supply_elasticity",
        "omega_X",
        "elasticity",
        POSITIVE,
        "inverse elasticity of US export supply",
    ),
    RegistryEntry(
        "tariffs.china.exporter_adjustment_loss",
        "kappa_U",
        "share",
        POSITIVE,
        "loss of US exporters for each dollar of lost sales",
    ),
    RegistryEntry(
        "politics.us.preferred_tariff",
        "t*",
        "ad valorem",
        POSITIVE,
        "tariff the US government would choose if China did not react; carries terms of trade and the value of "
        "revenue and protection",
    ),
    RegistryEntry(
        "actions.us.*.tariff", "t", "ad valorem", NOT_NEGATIVE, "average US tariff on Chinese goods under this action"
    ),
    RegistryEntry(
        "actions.china.*.withheld", "x", "share", CHANCE, "share of normal mineral shipments withheld by this action"
    ),
    RegistryEntry(
        "actions.china.*.withheld_elsewhere",
        "e",
        "share",
        CHANCE,
        "share of normal mineral shipments that this action withholds from all other destinations",
        required=False,
        absent=0.0,
    ),
    RegistryEntry("minerals.dependent_output", "V", MONEY, POSITIVE, "US output that depends on the minerals"),
    RegistryEntry("minerals.weight", "beta", "share", CHANCE, "weight of the minerals in the dependent output"),
    RegistryEntry(
        "minerals.substitution",
        "sigma",
        "elasticity",
        POSITIVE,
        "elasticity of substitution between the minerals and other inputs (below one: complements)",
    ),
    RegistryEntry(
        "minerals.china_share", "chi", "share", CHANCE, "share of US supply of the minerals that comes from China"
    ),
    RegistryEntry(
        "minerals.security_premium",
        "nu",
        "share",
        NOT_NEGATIVE,
        "extra political weight of a mineral shortage over its economic cost (defence)",
    ),
    RegistryEntry(
        "minerals.leverage",
        "Lam",
        MONEY,
        NOT_NEGATIVE,
        "value to China of the leverage that withholding gives, at its ceiling",
    ),
    RegistryEntry(
        "minerals.leverage_scale", "xhat", "share", POSITIVE, "withheld share at which leverage takes hold (S-shaped)"
    ),
    RegistryEntry(
        "minerals.forgone_revenue",
        "rev",
        MONEY,
        NOT_NEGATIVE,
        "export revenue China forgoes when everything is withheld",
    ),
    RegistryEntry("minerals.convex_cost", "c", MONEY, NOT_NEGATIVE, "convex cost of withholding to China: c x^2 / 2"),
    RegistryEntry(
        "minerals.embargo_cost",
        "A_W",
        MONEY,
        NOT_NEGATIVE,
        "reputation cost to China of an undeniable embargo",
    ),
    RegistryEntry(
        "minerals.embargo_threshold",
        "x_W",
        "share",
        CHANCE,
        "withheld share above which it counts as an embargo: the reputation cost and the embargo tariff apply",
    ),
    RegistryEntry(
        "minerals.others_volume",
        "m_o",
        "multiple",
        NOT_NEGATIVE,
        "normal exports to all other destinations for each tonne to the US; needed where an action withholds there",
        required=False,
        absent=0.0,
    ),
    RegistryEntry(
        "minerals.others_anger",
        "A_o",
        MONEY,
        NOT_NEGATIVE,
        "what the reaction of the others costs China when everything is withheld from them, in proportion to e",
        required=False,
        absent=0.0,
    ),
    RegistryEntry(
        "monitoring.delay_probability",
        "q_delay",
        "probability",
        CHANCE,
        "chance that licensing delays shipments in a month although nothing is withheld on purpose",
    ),
    RegistryEntry("monitoring.delay_min", "d_lo", "share", INSIDE, "least share of shipments lost to a delay"),
    RegistryEntry("monitoring.delay_max", "d_hi", "share", INSIDE, "largest share of shipments lost to a delay"),
    RegistryEntry(
        "monitoring.noise", "sig_y", "ratio", POSITIVE, "standard deviation of the log of measured shipments"
    ),
    RegistryEntry(
        "monitoring.verification",
        "v",
        "probability",
        CHANCE,
        "chance that a genuine delay is verified as genuine in the same month",
    ),
    RegistryEntry(
        "monitoring.edges",
        "edges",
        "ratio",
        "(0, 1.5)",
        "borders between the bins of shipments, as ratio to normal",
        vector=True,
    ),
    RegistryEntry(
        "monitoring.trigger",
        "y*",
        "ratio",
        "(0, 1.5)",
        "threshold trigger: a month below it counts as low; must be one of the borders",
    ),
    RegistryEntry(
        "monitoring.others_trigger",
        "y_o",
        "ratio",
        "[0, 1.5)",
        "shipments to all other destinations count as low below it, and every bin splits in two signals, others normal "
        "or low; 0: their figure is not read",
        required=False,
        absent=0.0,
    ),
    RegistryEntry(
        "monitoring.others_noise",
        "sig_o",
        "ratio",
        POSITIVE,
        "standard deviation of the log of measured shipments to all other destinations",
        required=False,
        absent="monitoring.noise",
    ),
    RegistryEntry(
        "monitoring.common_trigger",
        "y*_c",
        "ratio",
        "[0, 1.5)",
        "threshold trigger in a month in which the others are low too: it counts as low below this border; 0: such a "
        "month is excused",
        required=False,
        absent="monitoring.trigger",
    ),
    RegistryEntry("patience.monthly_discount", "d_m", "factor", INSIDE, "weight of next month from interest alone"),
    RegistryEntry(
        "patience.expected_life_months",
        "life",
        "months",
        "(1, inf)",
        "months the deal is expected to last for reasons outside the game",
    ),
    RegistryEntry(
        "patience.common_survival",
        "surv",
        "probability",
        "(0, 1]",
        "monthly chance that the deal survives, used to value all outcomes at one common discount",
    ),
    RegistryEntry(
        "pledges.us_audience_cost",
        "aud_U",
        MONEY,
        NOT_NEGATIVE,
        "political cost the US government pays for an unprovoked exit",
        kinds=BOTH,
    ),
    RegistryEntry(
        "pledges.china_audience_cost",
        "aud_C",
        MONEY,
        NOT_NEGATIVE,
        "political cost the Chinese leader pays in a low month",
        kinds=BOTH,
    ),
    RegistryEntry(
        "pledges.side_payment",
        "z",
        MONEY,
        NOT_NEGATIVE,
        "value the US gives to China each month while the pact stands",
        kinds=BOTH,
    ),
    RegistryEntry(
        "pledges.compensation_efficiency",
        "eta",
        "share",
        CHANCE,
        "worth to the US of a dollar of compensation paid by China (purchases)",
        kinds=BOTH,
    ),
    RegistryEntry(
        "pledges.compensation_cap",
        "b_max",
        MONEY,
        NOT_NEGATIVE,
        "largest compensation China can pay in a month",
        kinds=BOTH,
    ),
    RegistryEntry(
        "pledges.verification_cost",
        "k",
        MONEY,
        NOT_NEGATIVE,
        "cost of verification for each unit of verification probability",
    ),
    RegistryEntry(
        "legal.snapback_survival", "zeta", "probability", CHANCE, "chance that a snapback of tariffs survives in court"
    ),
    RegistryEntry(
        "third_parties.*.dependent_output",
        "V_i",
        MONEY,
        POSITIVE,
        "output of the third party that depends on the minerals",
    ),
    RegistryEntry("third_parties.*.china_share", "chi_i", "share", CHANCE, "share of its supply that comes from China"),
    RegistryEntry(
        "third_parties.*.diversion_gain",
        "gain_i",
        "share",
        NOT_NEGATIVE,
        "gain from each dollar of trade diverted from China",
    ),
    RegistryEntry(
        "third_parties.*.deflection_loss",
        "loss_i",
        "share",
        NOT_NEGATIVE,
        "loss from each dollar of Chinese goods deflected to it",
    ),
    RegistryEntry(
        "third_parties.*.exposure",
        "rho_i",
        "share",
        CHANCE,
        "share of the withholding that reaches it (1: controls are global)",
    ),
    RegistryEntry("patience.discount", "delta", "factor", INSIDE, "weight of the next period", kinds=PAYOFFS),
    RegistryEntry(
        "patience.common_discount",
        "delta_0",
        "factor",
        INSIDE,
        "discount at which all outcomes are valued in common",
        kinds=PAYOFFS,
        required=False,
        absent="patience.discount",
    ),
    RegistryEntry(
        "payoffs.*.*.*", "u", "", "(-inf, inf)", "payoff of the player when row and column are played", kinds=PAYOFFS
    ),
    RegistryEntry(
        "signals.*.*",
        "rho",
        "probability",
        CHANCE,
        "chance of each signal when row and column are played",
        kinds=PAYOFFS,
        vector=True,
        required=False,
    ),
)
