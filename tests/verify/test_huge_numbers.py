"""A certificate's numbers have limits too: what would take minutes to reduce is refused at once."""

import pytest

from negotiation.errors import InputError
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
