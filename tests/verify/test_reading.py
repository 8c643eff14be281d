"""What cannot be read is said in one sentence that names the place."""

import copy
from fractions import Fraction

import pytest

from negotiation.errors import InputError
from negotiation.verify.checker import check
from negotiation.verify.printed import embedded_certificates
from negotiation.verify.reading import Entry


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), "something else", "format"),
        (("version",), 2, "version"),
        (("version",), True, "version"),
        (("claim",), "magic", "allowed: sets"),
        (("game", "discount"), "1", "strictly between"),
        (("game", "discount"), 0.5, "ratio"),
        (("game", "discount"), "1/0", "denominator"),
        (("game", "states"), [], "at least one"),
        (("game", "states", 0, "likelihood", 0), ["1/2"], "distribution"),
        (("game", "states", 0, "next_state"), [1], "from 0 to 0"),
        (("game", "states", 0, "payoffs", 0), ["1"], "needs 4 entries"),
        (("normalised", "scale"), ["0", "1"], "positive"),
        (("inner", 0, "worst"), [99, 0], "from 0 to"),
        (("outer", "directions", 0), [0, 1], "needs 3 entries"),
        (("outer", "links", 0, "level"), None, "not a list"),
        (("gap",), "much", "ratio"),
    ],
)
def test_the_place_and_the_fault_are_named(proofs, path, value, message):
    data = copy.deepcopy(dict(proofs("dilemma", Fraction(1, 2)).certificate))
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    with pytest.raises(InputError, match=message):
        check(data)


def test_missing_parts_are_named(proofs):
    for key in ("game", "normalised", "inner", "outer", "gap", "claim"):
        data = {name: part for name, part in proofs("dilemma", Fraction(1, 2)).certificate.items() if name != key}
        with pytest.raises(InputError, match=key):
            check(data)


def test_long_numbers_may_be_hexadecimal():
    assert Entry("-0x10/0x3").ratio() == Fraction(-16, 3)
    for text in ("0x", "1.5", "1e3", "--1", "1/-2 ", "", None, True, [1]):
        with pytest.raises(InputError):
            Entry(text).ratio()


def test_certificates_are_found_however_deep():
    one = {"format": "negotiation certificate", "claim": "sets"}
    data = {"a": [{"certificate": one}], "certificates": {"x": one, "y": [one, None]}, "certificate": None}
    assert [found.path for found in embedded_certificates(data)] == [
        "a[0].certificate",
        "certificates.x",
        "certificates.y[0]",
    ]
    assert embedded_certificates(one) == [("", one, ())]
    assert embedded_certificates({"claim": "sets", "certificate": 3}) == []
