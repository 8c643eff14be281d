"""Results damaged at random: never a traceback; what cannot be read is said in a sentence, what is false is named."""

import json
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from negotiation.games import DynamicGame, StageGame
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.perfect.solver import solve_perfect
from negotiation.solve.solution_record import solution_object

MUTATIONS = 100


def nested():
    value = []
    for _ in range(900):
        value = [value]
    return value


JUNK = (
    None, True, -1, 0, 10**30, 1.5, float("nan"), float("inf"), "", "x", "1/0", "-5/7", "1" * 4000, [], {}, [[]],
    {"a": []}, nested(), "\ud800", 1e308, "0x" + "f" * 400, "0x" + "f" * 9000,
)  # fmt: skip


@pytest.fixture(scope="module")
def printed():
    """The printed answer of a prisoners' dilemma, with its certificate."""
    payoffs = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    stage = StageGame(("US", "China"), (("keep", "raise"), ("license", "withhold")), payoffs)
    solution = with_certificate(solve_perfect(DynamicGame.repeated(stage, Fraction(1, 5))))
    return json.dumps(solution_object(solution, "dilemma"))


def places(value, path=()):
    """Return the path of every entry of nested data."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(deep for key, item in entries for deep in places(item, (*path, key)))]


def damage(data, path, rng):
    """Drop an entry, double it or put something else in its place."""
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    kind = rng.randrange(5)
    if kind == 0:
        del inside[path[-1]]
    elif kind == 1 and isinstance(inside, list):
        inside.insert(path[-1], inside[path[-1]])
    else:
        inside[path[-1]] = rng.choice(JUNK)


def ends(tmp_path, content):
    """Return the exit code of `verify` on these bytes and what it says; an exception of any other kind goes through."""
    file = tmp_path / "result.json"
    file.write_bytes(content)
    done = CliRunner().invoke(app, ["verify", str(file)], catch_exceptions=False)
    return done.exit_code, done.output


def test_a_damaged_result_is_read_or_refused(tmp_path, printed):
    rng, codes = random.Random(7), Counter()
    paths = places(json.loads(printed))
    shallow = [path for path in paths if len(path) <= 4]
    for _ in range(MUTATIONS):
        data = json.loads(printed)
        damage(data, rng.choice(rng.choice([paths, shallow])), rng)
        code, said = ends(tmp_path, json.dumps(data).encode())
        codes[code] += 1
        assert code in (0, 1, 2)
        assert (code == 1) == ("✗" in said), said
        assert code != 2 or len(said.strip().splitlines()) == 1, said
    assert set(codes) == {0, 1, 2}


@pytest.mark.parametrize(
    "content",
    [
        b'{"certificate": {"format": "negotiation certificate", "version": 1, "claim": []}}',
        b'{"certificate": {"format": [], "version": 1, "claim": "sets"}}',
        b'{"certificate": {"format": "negotiation certificate", "version": [], "claim": "sets"}}',
        b'{"certificate": {"format": "negotiation certificate", "version": 1, "claim": {"sets": NaN}}}',
        b'{"certificate": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"certificate": "\xff\xfe"}',
        b"\x00\x01\x02",
        b"[" * 100_000,
        b"NaN",
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_2(tmp_path, content):
    code, said = ends(tmp_path, content)
    assert code == 2
    assert len(said.strip().splitlines()) == 1
