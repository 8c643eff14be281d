"""One mechanism for what-if: parsing, arithmetic, sentences. Expected values are arithmetic by hand."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.errors import InputError
from negotiation.trade.parameters.changes import AppliedChange, Change

numbers = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x == 0 or abs(x) >= 1e-300)


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("a.b=0.3", "set", 0.3),
        ("a.b+=0.1", "add", 0.1),
        ("a.b*=1.5", "scale", 1.5),
        ("  a.b = -2e-3 ", "set", -0.002),
        ("a.b=.25,.5, .8", "set", (0.25, 0.5, 0.8)),
        ("a.b=[0.5]", "set", (0.5,)),
    ],
)
def test_parse(text, op, value):
    assert Change.parse(text) == Change("a.b", op, value)


@pytest.mark.parametrize("text", ["", "a.b", "=3", "a.b=", "a.b=x", "a.b=1;2", "a.b-=1", "a.b=nan", "a.b=inf", "a b=1"])
def test_parse_refuses_what_is_no_change(text):
    with pytest.raises(InputError) as caught:
        Change.parse(text)
    assert len(caught.value.problems) == 1


def test_operations():
    assert Change("a", "set", 3.0).value_after(2.0) == 3.0
    assert Change("a", "add", 0.5).value_after(2.0) == 2.5
    assert Change("a", "scale", 1.5).value_after(2.0) == 3.0
    assert Change("a", "scale", 2.0).value_after((0.1, 0.2)) == (0.2, 0.4)
    assert Change("a", "add", 1.0).value_after((1.0, 2.0)) == (2.0, 3.0)


@pytest.mark.parametrize(
    ("change", "before"),
    [
        (Change("a", "set", (1.0, 2.0)), 1.0),
        (Change("a", "set", 1.0), (1.0, 2.0)),
        (Change("a", "add", (1.0, 2.0)), (1.0, 2.0)),
    ],
)
def test_a_number_does_not_replace_a_vector(change, before):
    with pytest.raises(InputError):
        change.value_after(before)


def test_unknown_operation():
    with pytest.raises(InputError, match="set, add, scale"):
        Change("a", "divide", 2.0)


@given(st.sampled_from(["set", "add", "scale"]), numbers)
def test_text_is_exact(op, value):
    change = Change("minerals.leverage", op, value)
    assert Change.parse(change.text()) == change
    assert " " not in change.text()


@given(st.lists(numbers, min_size=1, max_size=5).map(tuple))
def test_text_of_a_vector_is_exact(value):
    change = Change("monitoring.edges", "set", value)
    assert Change.parse(change.text()) == change


def test_sentence_of_an_applied_change():
    applied = AppliedChange(Change("minerals.leverage", "set", 0.85), 0.68, 0.85, "USD bn/month")
    assert applied.sentence() == "minerals.leverage 0.68 → 0.85 USD bn/month"
    assert pickle.loads(pickle.dumps(applied)) == applied
