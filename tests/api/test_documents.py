"""The page of the API is as the code has it; the tutorial runs, its first cell a table, its second a picture."""

import ast
import json
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes

from negotiation.api.reference import api_reference

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_api_is_up_to_date():
    assert (DOCS / "api.md").read_text(encoding="utf-8") == api_reference()


@pytest.fixture(scope="module")
def shown():
    """Run the tutorial's cells in order in one namespace; return what each shows, its last expression."""
    before = mpl.get_backend()
    mpl.use("Agg")
    cells = json.loads((DOCS / "tutorial.ipynb").read_text(encoding="utf-8"))["cells"]
    space, values = {}, []
    for cell in cells:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            body = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(body[:-1], []), "<cell>", "exec"), space)
            values.append(eval(compile(ast.Expression(body[-1].value), "<cell>", "eval"), space))
    yield values
    from matplotlib import pyplot

    pyplot.close("all")
    mpl.use(before)


def test_the_first_cell_shows_a_table_and_the_second_a_picture(shown):
    assert "<table" in shown[0]._repr_html_()
    assert isinstance(shown[1], Axes)
    assert shown[1].patches


def test_what_the_tutorial_says_is_so(shown):
    once, _, sets, threshold, strategy, noisy, _, _, _, comparison, _, _, tweak = shown
    assert once.pure == ((1, 1),)
    assert sets["1/5"].startswith("the single point")
    assert "polygon" in sets["1/2"]
    # cooperation pays where 3 >= (1 - d) 5 + d 1, that is from d = 1/2 on (Friedman 1971)
    ((low, high, rises),) = threshold.changes
    assert rises
    assert low <= 0.5 <= high + 1e-4
    assert strategy.holds()
    assert not noisy.inner[0].is_empty
    assert comparison.rows()[0]["holds"]
    assert not tweak.rows()[0]["holds"]
