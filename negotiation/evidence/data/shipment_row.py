"""One row of a shipment file: the destinations it may name, and how exact a figure is by how it is known."""

from dataclasses import dataclass

from negotiation._values import Value
from negotiation.evidence.data.months import MonthSpan

US, WORLD, EU27 = "US", "WORLD", "EU27"
RAW = "WORLD_RAW_RARE_EARTHS_not_magnets"
USUAL = (WORLD, US, EU27, "DE", "IN", "JP", "KR", "VN", RAW)  # those of the shipped figures

# ISO 3166-1, two letters
COUNTRIES = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CO CR "
    "CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID "
    "IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK "
    "ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA "
    "SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE "
    "VN VU WS YE ZA ZM ZW"
)

DESTINATIONS = frozenset({*COUNTRIES.split(" "), WORLD, EU27, RAW})
# relative error of a figure by how it is known: customs' own rounding, or a figure worked back from a growth rate
RELATIVE_ERRORS = {
    "several-sources-agree": 0.001,
    "found-in-source": 0.001,
    "derived-from-source": 0.015,
    "from-memory-unverified": 0.05,
    "missing": 0.0,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Shipment(Value):
    """One row: `tonnes` to `destination` over `span` (None: missing), where it is from, and when it was published.

    row: line of the file, 1 being the header. published: ISO day.
    """

    row: int
    span: MonthSpan
    destination: str
    tonnes: float | None
    source: str
    url: str
    confidence: str
    published: str

    @property
    def key(self) -> tuple[int, int, str]:
        """What may appear once in a file."""
        return self.span.first, self.span.last, self.destination

    @property
    def rounding(self) -> float:
        """Relative error of the figure, one standard deviation."""
        return RELATIVE_ERRORS[self.confidence]
