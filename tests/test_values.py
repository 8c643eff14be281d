"""Values: equality by fields, a hash that agrees with it, texts that are short."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation._values import LONGEST, Floats, Ints, Value


@dataclasses.dataclass(frozen=True)
class Plain:
    table: np.ndarray


class Sample(Value):
    numbers: Floats
    inner: object = None


class Labelled(Sample):
    labels: "Ints" = ()


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text(max_size=3))
CONTENT = st.recursive(
    LEAVES,
    lambda x: st.one_of(st.lists(x, max_size=3).map(tuple), st.dictionaries(st.text(max_size=2), x, max_size=2)),
    max_leaves=6,
)  # fmt: skip
NUMBERS = st.lists(st.floats(), max_size=4)


def copied(content):
    """Return the same content in other objects, lists in place of tuples."""
    if isinstance(content, tuple):
        return [copied(item) for item in content]
    if isinstance(content, dict):
        return {key: copied(item) for key, item in reversed(content.items())}
    return -0.0 if content == 0 and isinstance(content, float) else content


def test_fields_annotated_as_arrays_are_read_only_copies_in_subclasses_too():
    numbers = np.array([1.0, 2.0])
    value = Labelled(numbers, [3], [4, 5])
    numbers[0] = 7
    assert value.numbers.tolist() == [1.0, 2.0]
    assert (value.numbers.dtype, value.labels.dtype) == (np.float64, np.int64)
    assert value.inner == [3]
    for array in (value.numbers, value.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9


@given(NUMBERS, CONTENT)
def test_equal_content_is_equal_and_has_the_same_hash(numbers, content):
    one, other = Sample(numbers, content), Sample(list(numbers), copied(content))
    assert one == other
    assert hash(one) == hash(other)


@given(NUMBERS, CONTENT, NUMBERS, CONTENT)
def test_other_digests_never_come_from_equal_values_but_for_signed_zeros(numbers, content, others, more):
    one, other = Sample(numbers, content), Sample(others, more)
    if one == other:
        assert hash(one) == hash(other)
    if one.digest() == other.digest():
        assert one == other


def test_arrays_of_other_shapes_and_dataclasses_with_arrays_compare():
    assert Sample([[1.0, 2.0]]) != Sample([1.0, 2.0])
    assert Sample([math.nan]) == Sample([math.nan])
    assert Sample([], Plain(np.arange(3))) == Sample([], Plain(np.arange(3)))
    assert Sample([], Plain(np.arange(3))) != Sample([], Plain(np.arange(4)))


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_the_text_of_a_value_is_short_whatever_it_holds(depth):
    value = Sample(np.zeros(100_000), "words " * 1000)
    for _ in range(depth):
        value = Sample(np.zeros(1000), (value,) * 20)
    assert len(repr(value)) <= 2 * LONGEST
    assert repr(Sample([1.0, 2.0], "x")) == "Sample(numbers=[1.0, 2.0], inner='x')"


def test_a_subclass_is_a_frozen_dataclass_whose_fields_may_be_by_name_alone():
    class Named(Value, kw_only=True):
        size: int
        numbers: Floats = ()

    class More(Named, kw_only=True):
        extra: tuple[int, ...] = dataclasses.field(default_factory=tuple)

    value = More(size=1, numbers=[2.0])
    assert [field.name for field in dataclasses.fields(More)] == ["size", "numbers", "extra"]
    assert value == More(size=1, numbers=(2,), extra=[])
    assert value != More(size=2, numbers=[2.0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.size = 3
    with pytest.raises(TypeError, match="positional"):
        Named(1)
