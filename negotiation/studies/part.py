"""One finished chunk as data, and as the bytes of one file: an uncompressed `.npz`, the same bytes every time.

Arrays: n points, O call outcomes, R regimes. `state` says of a point and outcome whether it was computed; a point that
the model refuses, or that failed, keeps its reason.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from negotiation._values import Bools, Floats, Ints

DONE, REFUSED, FAILED = 0, 1, 2  # places in `PART_STATES`
PART_STATES = ("done", "refused", "failed")
# what is kept of each point, outcome and regime: name in the file -> (column of the table, unit, meaning)
MEASURES = {
    "margin": ("margin", "payoff", "room left by the tightest condition; at least 0 where the regime holds"),
    "length": ("length", "months", "months of punishment with the largest joint value; inf: for ever"),
    "payment": ("payment", "payoff", "compensation paid after a low month"),
    "punished": ("punished_share", "share", "long-run share of months in punishment, or with a payment"),
}
SINGLE_PRECISION = ("length", "punished")  # kept in single precision: whole numbers, and shares to seven digits
MARGIN_TOLERANCE = 1e-12  # payoff: a margin that is zero but for rounding holds


@dataclass(kw_only=True)
class ChunkResults:
    """The results of one chunk; filled by `compute`, then only read.

    points: (n, d). state: (n, O). measures: name -> (n, O, R). values: (n, O, R, 2). punishment: (n, O, 2), payoffs
    where nothing holds. gap: (n, O), distance between inner and outer set over the payoff range. reasons: (point,
    outcome) -> why it is not done.
    """

    points: Floats
    state: Ints
    measures: dict[str, Floats]
    values: Floats
    punishment: Floats
    gap: Floats
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def empty(cls, points: Floats, outcomes: int, regimes: int) -> ChunkResults:
        """Return a part in which nothing is known yet."""
        n = len(points)
        return cls(
            points=points,
            state=np.zeros((n, outcomes), dtype=np.int64),
            measures={name: np.full((n, outcomes, regimes), np.nan) for name in MEASURES},
            values=np.full((n, outcomes, regimes, 2), np.nan),
            punishment=np.full((n, outcomes, 2), np.nan),
            gap=np.full((n, outcomes), np.nan),
        )

    def refuse(self, point: int, outcome: int, state: int, reason: str) -> None:
        """Say why a point is not computed for an outcome."""
        self.state[point, outcome] = state
        self.reasons[point, outcome] = reason

    @property
    def holds(self) -> Bools:
        """Whether each regime holds, (n, O, R)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.measures["margin"] >= -MARGIN_TOLERANCE)


def encode(part: ChunkResults) -> bytes:
    """Return a part as the bytes of its file."""
    reasons = [[point, outcome, text] for (point, outcome), text in sorted(part.reasons.items())]
    data: dict[str, Any] = {name: array for name, array in part.measures.items() if name not in SINGLE_PRECISION}
    data |= {name: part.measures[name].astype(np.float32) for name in SINGLE_PRECISION}
    # only one regime has a payment: the columns of the others are nought or nothing
    paid = np.flatnonzero(np.nan_to_num(data["payment"]).any(axis=(0, 1)))
    data |= {"payment": data["payment"][:, :, paid], "paid": paid}
    data |= {"points": part.points, "values": part.values, "war": part.punishment, "gap": part.gap}
    data["state"] = part.state.astype(np.int8)
    data["reasons"] = np.frombuffer(json.dumps(reasons, ensure_ascii=True).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **data)
    return buffer.getvalue()


def decode(content: bytes) -> ChunkResults:
    """Return the part that `encode` wrote; raises `ValueError` when the bytes are no part."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            data = {name: stored[name] for name in stored.files}
        reasons = json.loads(data["reasons"].tobytes())
        payment = np.where(np.isnan(data["margin"]), np.nan, 0.0)
        payment[:, :, data["paid"]] = data["payment"]
        data["payment"] = payment
        return ChunkResults(
            points=data["points"],
            state=data["state"].astype(np.int64),
            measures={name: data[name].astype(np.float64) for name in MEASURES},
            values=data["values"],
            punishment=data["war"],
            gap=data["gap"],
            reasons={(point, outcome): text for point, outcome, text in reasons},
        )
    except (zipfile.BadZipFile, LookupError, OSError, TypeError, ValueError, EOFError) as error:
        raise ValueError(f"is no part of a study: {error}") from None


def fingerprint(content: bytes) -> str:
    """Return what a part's file name says of its content."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()
