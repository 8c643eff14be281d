"""The points of a study, block by block: any block is made without the ones before it.

Latin hypercube: McKay, Beckman, Conover 1979. Sobol sequence: Sobol 1967, scrambled (Owen 1998), both through scipy.
Sensitivity: matrices A, B and A with one column of B (Saltelli et al. 2010), as `scipy.stats.sobol_indices` takes them.
Posterior draws are equally weighted (systematic resampling, without chance): the monitoring parameters of the game,
jointly, given what the shipments known on a date say of delays and noise under one prior.
"""

import csv
import io
import math
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from negotiation._files import LARGEST_FILE, read_bytes
from negotiation._values import Floats
from negotiation.errors import InputError, nearest
from negotiation.evidence.answers.posterior_to_game import FITTED_PATHS, game_numbers
from negotiation.evidence.data.events import load_events
from negotiation.evidence.data.shipments import load_shipments
from negotiation.evidence.model.cache import cached_posteriors
from negotiation.evidence.model.history import build_history
from negotiation.evidence.model.posterior import FULL, Effort
from negotiation.evidence.model.priors import PRIORS
from negotiation.studies.study import Sample, Study
from negotiation.trade.scenario.scenario import Scenario


def study_points(study: Study, start: int, stop: int) -> Floats:
    """Return the points `start` to `stop` (not included) of a study, shape (stop - start, paths)."""
    index = np.arange(start, min(stop, study.size))
    sizes = [len(axis.values) for axis in study.axes]
    columns = []
    if study.sample is not None:
        rows = index // math.prod(sizes)
        columns.append(_sample_rows(study.sample, int(rows[0]), int(rows[-1]) + 1, study.seed)[rows - rows[0]])
    places = np.unravel_index(index % math.prod(sizes), sizes) if sizes else ()
    columns += [axis.values[place][:, None] for axis, place in zip(study.axes, places, strict=True)]
    return np.concatenate(columns, axis=1)


def _sample_rows(sample: Sample, start: int, stop: int, seed: int) -> Floats:
    if sample.kind == "draws":
        return np.asarray(sample.draws[start:stop])
    if sample.kind == "latin_hypercube":
        shares = _hypercube(len(sample.paths), sample.points, seed)[start:stop]
    elif sample.kind == "sobol":
        shares = _sequence(len(sample.paths), start, stop, seed)
    else:
        shares = _saltelli(sample, start, stop, seed)
    log = np.array(sample.log)
    low, high = (np.where(log, np.log(np.where(log, end, 1.0)), end) for end in (sample.low, sample.high))
    numbers = low + (high - low) * shares
    return np.where(log, np.exp(np.where(log, numbers, 0.0)), numbers)


@lru_cache(maxsize=1)  # the only design that is drawn as a whole
def _hypercube(dimensions: int, points: int, seed: int) -> Floats:
    return np.asarray(qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(points))


def _sequence(dimensions: int, start: int, stop: int, seed: int) -> Floats:
    sequence = qmc.Sobol(dimensions, rng=np.random.default_rng(seed))
    if start:
        sequence.fast_forward(start)
        return np.asarray(sequence.random(stop - start))
    # scipy warns of a first block that is no power of two; a block is only a part of one that is
    return np.concatenate([sequence.random(1), sequence.random(stop - 1)]) if stop > 1 else sequence.random(1)


def _saltelli(sample: Sample, start: int, stop: int, seed: int) -> Floats:
    """Return rows of A, of B, then of A with column j from B, for each j: `points` rows each."""
    count, wide = sample.points, len(sample.paths)
    blocks = []
    for part in range(start // count, -(-stop // count)):
        first, last = max(start, part * count) - part * count, min(stop, (part + 1) * count) - part * count
        both = _sequence(2 * wide, first, last, seed)
        rows = both[:, wide:].copy() if part == 1 else both[:, :wide].copy()
        if part > 1:
            rows[:, part - 2] = both[:, wide + part - 2]
        blocks.append(rows)
    return np.concatenate(blocks)


PRIOR = "neutral"


def read_draws(path: Path, scenario: Scenario) -> Sample:
    """Return the sample in a file; raises `InputError` naming the column or line that is wrong."""
    if path.suffix not in (".csv", ".npz"):
        raise InputError.single(str(path), "", "is no table of draws", "allowed: .csv, .npz")
    content = read_bytes(path, "a table of draws")
    try:
        table = _csv(content.decode("utf-8-sig")) if path.suffix == ".csv" else _npz(content)
    except Exception as error:  # a damaged archive makes its reader raise anything
        raise InputError.single(str(path), "", f"is no table of draws: {error}") from None
    return sample_of_draws(table, scenario, str(path))


def sample_of_draws(table: Mapping[str, Floats], scenario: Scenario, origin: str = "draws") -> Sample:
    """Return the sample in a mapping path -> draws (n,)."""
    if not table:
        raise InputError.single(origin, "", "has no columns", "one column for each parameter path")
    for path in table:
        paths = (*scenario.parameters, *scenario.tied_paths)
        if path not in paths:
            raise InputError.single(origin, path, "there is no such parameter", nearest(path, paths))
    columns = [np.asarray(column, dtype=np.float64).reshape(-1) for column in table.values()]
    sizes = {len(column) for column in columns}
    if len(sizes) > 1 or 0 in sizes:
        raise InputError.single(origin, "", f"needs columns of one length of at least 1, got {sorted(sizes)}")
    draws = np.column_stack(columns)
    bad = np.argwhere(~np.isfinite(draws))
    if len(bad):
        path = list(table)[int(bad[0, 1])]
        raise InputError.single(origin, path, f"draw {int(bad[0, 0]) + 1} is not a finite number")
    log = (False,) * len(table)
    return Sample(kind="draws", paths=tuple(table), points=len(draws), log=log, draws=draws)


def posterior_sample(
    scenario: Scenario, points: int, as_of: str = "", prior: str = PRIOR, effort: Effort = FULL
) -> Sample:
    """Return `points` draws of the posterior; as_of: ISO day, by default that of the newest shipment figure.

    Raises `InputError` for an unknown prior, for what is no day, and for one before there was anything to know.
    """
    if prior not in PRIORS:
        raise InputError.single("posterior", "prior", f"'{prior}' is unknown", nearest(prior, PRIORS))
    shipments = load_shipments()
    try:
        day = date.fromisoformat(as_of or shipments.newest)
    except ValueError:
        raise InputError.single("posterior", "as_of", f"'{as_of}' is no day", 'write as_of = "2025-06-01"') from None
    (post,) = cached_posteriors(build_history(shipments, load_events(), day), (prior,), effort)
    drawn = game_numbers(post.equal_draws(points))
    return sample_of_draws({path: drawn[path] for path in FITTED_PATHS}, scenario, "posterior")


def _csv(text: str) -> dict[str, Floats]:
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    if not rows:
        raise ValueError("it is empty")
    names = [name.strip() for name in rows[0]]
    if len(set(names)) < len(names):
        raise ValueError("a column appears twice")
    numbers = []
    for number, row in enumerate(rows[1:], 2):
        try:
            numbers.append([float(cell) for cell in row])
        except ValueError:
            raise ValueError(f"line {number} holds something that is not a number") from None
        if len(row) != len(names):
            raise ValueError(f"line {number} has {len(row)} entries for {len(names)} columns")
    return dict(zip(names, np.array(numbers, dtype=np.float64).reshape(-1, len(names)).T, strict=True))


def _npz(content: bytes) -> dict[str, Floats]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > LARGEST_FILE:
        raise ValueError(f"its columns take {size // 1_000_000:,} MB, at most {LARGEST_FILE // 1_000_000} MB are read")
    with np.load(io.BytesIO(content), allow_pickle=False) as data:
        columns = {name: data[name] for name in data.files}
    for name, column in columns.items():
        if column.dtype.kind not in "biuf":
            raise ValueError(f"column '{name}' does not hold numbers")
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}
