"""What withholding costs the US by published study: V, beta and sigma such that the model's loss is that of the study.

The studies differ by a factor of hundreds. Each row of `damage.csv` keeps weight and substitution and solves for the
dependent output V; "low", "middle" (the default's) and "high" are the alternatives that a reader should see together.
"""

import csv
import functools
import io
from typing import Any

from negotiation._files import data_text
from negotiation._values import Value
from negotiation.trade.parameters.changes import Change

CALIBRATED = ("dependent_output", "weight", "substitution")


class DamageCalibration(Value, kw_only=True):
    """One calibration: V (USD bn/month), beta, sigma, and what they rest on.

    loss: economic loss in USD bn/month (without the security premium) that the study gives for a withheld share (None:
    the numbers were not solved for). figure: what the study says and how it is read.
    """

    name: str
    dependent_output: float
    weight: float
    substitution: float
    withheld: float | None
    loss: float | None
    figure: str
    source: str
    url: str
    published: str

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that give a scenario this damage; its leverage is left alone."""
        return tuple(Change(f"minerals.{name}", "set", getattr(self, name)) for name in CALIBRATED)


@functools.cache
def damage_calibrations() -> tuple[DamageCalibration, ...]:
    """Return the shipped calibrations, from the least damage to the most."""
    return tuple(map(_calibration, csv.DictReader(io.StringIO(data_text("damage.csv")))))


def _calibration(row: dict[str, str]) -> DamageCalibration:
    fields: dict[str, Any] = dict(row)
    fields |= {name: float(row[name]) for name in CALIBRATED}
    fields |= {name: float(row[name]) if row[name] else None for name in ("withheld", "loss")}
    return DamageCalibration(**fields)
