"""The posterior of the parameters: adaptive importance sampling on quasi-random points, reproducible to the last bit.

Draws come from a mixture of the prior and Student-t distributions fitted to the weighted draws so far (Cappé, Guillin,
Marin, Robert 2004); all are weighted by the whole mixture (Owen, Zhou 2000). Products over all draws go through
`einsum`: threads of a linear-algebra library would change the last digits.
"""

import warnings
from collections.abc import Callable
from functools import cached_property

import numpy as np
from scipy.special import gammaincinv, gammaln, logsumexp, ndtr, ndtri

from negotiation._values import Floats, Value
from negotiation.evidence.model.filter import log_likelihoods
from negotiation.evidence.model.history import History
from negotiation.evidence.model.priors import PRIORS, Prior, priors, theta_of

DEGREES_OF_FREEDOM = 8.0  # of the proposals: tails heavier than the normal posterior's; doubled, some weights get large
SCALE_INFLATION = 1.15  # of a proposal's spread over that of the draws; doubled in 16 dimensions, most draws are wasted
ENOUGH_EFFECTIVE = 100.0  # effective draws below which sampling is repeated with more effort
TARGET_EFFECTIVE = 200.0  # effective draws wanted before the proposal is trusted
LEAST_WEIGHT = 1e-7  # of the largest weight: lighter draws are dropped, together a negligible share
BINS = 20  # of equal prior mass; with many more, bins without draws look like learning
QUANTILE_SHARES = np.array([0.05, 0.5, 0.95])  # ends and middle of the intervals that are shown
UNINFORMED_OVERLAP = 0.80  # of prior and posterior, above which the data say next to nothing
Step = Callable[[str, str], None]


class Posterior(Value):
    """Weighted draws of the parameters given a history.

    prior: name of the prior. z: (N, P) standardised, weights: (N,) summing to one, log_evidence: log P(data).
    """

    history: History
    prior: str
    z: Floats
    weights: Floats
    log_evidence: float

    @property
    def table(self) -> tuple[Prior, ...]:
        """The parameters with their priors."""
        return priors(self.prior, self.history.trend)

    @property
    def effective(self) -> float:
        """Effective sample size, 1 / sum of squared weights."""
        return float(1.0 / np.square(self.weights).sum())

    @cached_property
    def theta(self) -> Floats:
        """Draws of the parameters in their own units, (N, 17)."""
        return theta_of(self.table, self.z)

    def equal_draws(self, count: int) -> Floats:
        """Return `count` equally weighted draws of theta: systematic resampling, without chance."""
        places = (np.arange(count) + 0.5) / count
        index = np.searchsorted(np.cumsum(self.weights), places)
        return np.asarray(self.theta[np.minimum(index, len(self.weights) - 1)])


class PriorOverlap(Value):
    """One parameter: before and after are its 5, 50 and 95 % quantiles; overlap of prior and posterior in [0, 1]."""

    parameter: Prior
    before: Floats
    after: Floats
    overlap: float

    @property
    def informed(self) -> bool:
        """Whether the data inform it at all: more than 80 % overlap is "not informed by data"."""
        return self.overlap <= UNINFORMED_OVERLAP


class Effort(Value):
    """How hard to work: draws of each round of adaptation, number of rounds, draws of the last round."""

    round: int = 1024
    rounds: int = 8
    last: int = 4096


FULL, QUICK = Effort(), Effort(768, 6, 2304)  # the quick look: half the draws, and quantiles half as sharp


def posteriors(
    history: History, names: tuple[str, ...] = tuple(PRIORS), effort: Effort = FULL, step: Step | None = None
) -> tuple[Posterior, ...]:
    """Return the posteriors under several priors from the SAME draws: the likelihood is computed once for all.

    Deterministic: the same history gives the same draws. Where fewer than ENOUGH draws are effective, sampling is
    repeated with twice the effort, up to twice; what is left is in the result (`effective`). step(stage, piece) is told
    of every round.
    """
    for more in (1, 2, 4):
        harder = Effort(effort.round * more, effort.rounds + more - 1, effort.last * more)
        sampled = sample_posteriors(history, names, harder, lambda theta: log_likelihoods(history, theta), step)
        if min(post.effective for post in sampled) >= ENOUGH_EFFECTIVE:
            break
    return sampled


def sample_posteriors(
    history: History,
    names: tuple[str, ...],
    effort: Effort,
    likelihood: Callable[[Floats], Floats],
    step: Step | None = None,
) -> tuple[Posterior, ...]:
    """Return the posteriors under any log-likelihood of theta (N, 17) -> (N,).

    Draws are kept in the coordinates of the first prior; another prior is a shift of them (same widths, other centres).
    """
    table = priors(names[0], history.trend)
    # what is added to draws in the coordinates of the first prior to have them in those of another
    centres = [np.array([prior.centre for prior in priors(name, history.trend)]) for name in names]
    shifts = [(centres[0] - centre) / np.array([prior.width for prior in table]) for centre in centres]
    normals = [_StudentT(-shift, np.eye(len(table)), np.inf) for shift in shifts]  # the priors
    proposals = [*normals]
    drawn, zs, values, counts = 0, [], [], []
    for turn in range(effort.rounds + 1):
        count = (effort.last if turn == effort.rounds else effort.round) // len(names)
        new = [proposal.draws(count, turn * len(names) + i) for i, proposal in enumerate(proposals[drawn:])]
        counts += [count] * len(new)
        drawn += len(new)
        zs += new
        values.append(likelihood(theta_of(table, np.concatenate(new))))
        every, likely = np.concatenate(zs), np.concatenate(values)
        shares = np.log(np.array(counts) / sum(counts))  # in which the proposals were drawn from
        mixed = logsumexp(
            [one.log_density(every) + share for one, share in zip(proposals, shares, strict=True)], axis=0
        )
        weights = [normal.log_density(every) + likely - mixed for normal in normals]
        if step is not None:
            least = min(_effective_size(log_weights) for log_weights in weights)
            step("posterior", f"round {turn + 1} of {effort.rounds + 1}, {least:.0f} effective draws or more")
        if turn < effort.rounds:
            proposals += [_fit_student(every, log_weights) for log_weights in weights]
    sampled = []
    for name, shift, log_weights in zip(names, shifts, weights, strict=True):
        total = float(logsumexp(log_weights))
        relative = np.exp(log_weights - total)
        keep = relative > relative.max() * LEAST_WEIGHT
        evidence = total - float(np.log(len(every)))
        sampled.append(Posterior(history, name, (every + shift)[keep], relative[keep] / relative[keep].sum(), evidence))
    return tuple(sampled)


class _StudentT(Value):
    """A multivariate t distribution; infinite freedom is the normal."""

    mean: Floats
    root: Floats  # lower Cholesky factor of the scale matrix
    freedom: float

    def draws(self, count: int, seed: int) -> Floats:
        from scipy.stats import qmc  # as slow as half of scipy

        size = len(self.mean)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # sizes that are no power of two are fine here
            points = qmc.Sobol(size + 1, seed=seed).random(count)
        points = np.clip(points, 1e-12, 1 - 1e-12)
        normal = ndtri(points[:, :size])
        if np.isfinite(self.freedom):
            normal *= np.sqrt(self.freedom / 2 / gammaincinv(self.freedom / 2, points[:, size]))[:, None]
        return np.asarray(self.mean + np.einsum("nj,ij->ni", normal, self.root))

    def log_density(self, z: Floats) -> Floats:
        size = len(self.mean)
        scaled = np.einsum("ij,nj->ni", np.linalg.inv(self.root), z - self.mean)
        square = np.square(scaled).sum(axis=1)
        volume = np.log(np.diag(self.root)).sum()
        if not np.isfinite(self.freedom):
            return np.asarray(-0.5 * square - volume - 0.5 * size * np.log(2 * np.pi))
        nu = self.freedom
        start = gammaln((nu + size) / 2) - gammaln(nu / 2) - 0.5 * size * np.log(nu * np.pi) - volume
        return np.asarray(start - (nu + size) / 2 * np.log1p(square / nu))


def _effective_size(log_weights: Floats) -> float:
    return float(np.exp(2 * logsumexp(log_weights) - logsumexp(2 * log_weights)))


def _fit_student(z: Floats, log_weights: Floats) -> _StudentT:
    """Return a t distribution with the weighted mean and covariance, weights flattened while they are uneven."""
    finite = np.where(np.isfinite(log_weights), log_weights, -np.inf)
    power = 1.0
    while power > 0.02 and _effective_size(power * finite) < TARGET_EFFECTIVE:
        power *= 0.8
    flat = np.exp(power * finite - logsumexp(power * finite))
    mean = np.einsum("n,ni->i", flat, z)
    spread = np.einsum("n,ni,nj->ij", flat, z - mean, z - mean)
    size = z.shape[1]
    # shrunk towards the prior's own spread while there are few effective draws
    trust = min(1.0, _effective_size(power * finite) / (4.0 * size))
    spread = trust * spread + (1 - trust) * np.eye(size) + 1e-6 * np.eye(size)
    return _StudentT(mean, SCALE_INFLATION * np.linalg.cholesky(spread), DEGREES_OF_FREEDOM)


def prior_overlaps(post: Posterior) -> tuple[PriorOverlap, ...]:
    """Return prior against posterior for every parameter: overlap is the area under the lower of the two densities.

    Both densities are histograms over quantile bins of the prior, each of which holds the same prior mass.
    """
    rows = []
    for column, prior in enumerate(post.table):
        mass = np.bincount(
            np.minimum((ndtr(post.z[:, column]) * BINS).astype(np.int64), BINS - 1), post.weights, minlength=BINS
        )
        before = np.array([prior.quantile(share) for share in QUANTILE_SHARES])
        after = weighted_quantiles(post.theta[:, column], post.weights, QUANTILE_SHARES)
        rows.append(PriorOverlap(prior, before, after, float(np.minimum(mass, 1 / BINS).sum())))
    return tuple(rows)


def weighted_quantiles(values: Floats, weights: Floats, shares: Floats) -> Floats:
    """Return quantiles of weighted draws."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.interp(shares, mass / weights.sum(), values[order])
