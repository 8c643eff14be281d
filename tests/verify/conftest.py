"""What the certificate tests share: the games, the slow checker, and certificates made once."""

import importlib.util
from pathlib import Path

import pytest

GAPS = {"noisy": 0.5, "two_states": 0.05, "sgsolve": 1e-3}


def _load(name):
    spec = importlib.util.spec_from_file_location(f"verify_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def games():
    """The module of shared games."""
    return _load("games")


@pytest.fixture(scope="session")
def plain():
    """The slow checker in fractions."""
    return _load("plain")


@pytest.fixture(scope="session")
def proofs(games):
    """Return a lookup: name of a game -> its solution with a certificate, made once."""
    from negotiation.solve.certificates.certify import with_certificate
    from negotiation.solve.options import PUBLIC
    from negotiation.solve.payoff_sets.solver import solve

    made = {}

    def lookup(name, *arguments):
        key = (name, *arguments)
        if key not in made:
            game = getattr(games, name)(*arguments)
            seen = name not in ("noisy", "two_states", "sgsolve")
            options = None if seen else PUBLIC.replace(certificate=True, gap=GAPS[name])
            made[key] = with_certificate(solve(game, options))
        return made[key]

    return lookup
