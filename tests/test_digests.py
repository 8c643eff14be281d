"""A value's digest depends on its content and its type tag, and a renamed class keeps the tag it had."""

import hashlib

from negotiation._values import Value


class Point(Value):
    """A value under its first name."""

    x: float


class Place(Value):
    """The same value renamed."""

    _tag = "Point"
    x: float


class NarrowPlace(Place):
    """A class below a renamed one has a tag of its own."""


def test_a_renamed_class_keeps_its_digest():
    assert Place(0.5).digest() == Point(0.5).digest() == hashlib.sha256(b'["Point",{"x":0.5}]').hexdigest()


def test_a_subclass_does_not_take_the_tag_of_the_class_above():
    assert NarrowPlace(0.5).digest() == hashlib.sha256(b'["NarrowPlace",{"x":0.5}]').hexdigest()
    assert Place(0.5) != NarrowPlace(0.5)
