"""A certificate's numbers have limits too: what would take minutes to reduce is refused at once."""

import contextlib
import json
from fractions import Fraction

import pytest

from negotiation.errors import InputError
from negotiation.verify.checker import check
from negotiation.verify.reading import Entry

LONG = 20_000


@pytest.mark.parametrize(
    "text", ["0x" + "f" * 10**6, f"1/0x{'7' * 10**6}", "9" * 5000, f"{'1' * 5000}/3", "1e5", "0.5"]
)
def test_numbers_beyond_the_limit_are_refused(text):
    with pytest.raises(InputError, match="is not a ratio") as caught:
        Entry(text, "game.discount").ratio()
    assert len(str(caught.value)) < 200


def test_long_numbers_of_a_proof_are_read():
    assert Entry(f"0x{'f' * LONG}/0x{'f' * LONG}").ratio() == 1


def test_a_number_beyond_any_double_is_no_traceback(proofs):
    """Each integer of a proof in turn: the verdict is that it fails, or the certificate cannot be read."""

    def integers(value, path=()):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(entry, dict | list):
                yield from integers(entry, (*path, key))
            elif isinstance(entry, int):
                yield (*path, key)

    proof = json.dumps(proofs("dilemma", Fraction(1, 5)).certificate)
    places = list(integers(json.loads(proof)["outer"]))
    for number, path in enumerate(places[:: max(1, len(places) // 60)]):
        data = json.loads(proof)
        inside = data["outer"]
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = (-1) ** number * 10**400
        with contextlib.suppress(InputError):
            check(data)
