"""A file of format 1 is read as the new game, with one notice that names what means something else now."""

import pytest

from negotiation.calls.notices import notices
from negotiation.trade.files.load import load_scenario
from negotiation.trade.files.write import scenario_toml

OLD = 'format = 1\nextends = "rollback-2025"\ntitle = "mine"\n'


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (OLD, 1),
        (OLD.replace("format = 1", "format = 2"), 0),
        (OLD.replace("format = 1\n", ""), 0),
        (OLD + 'china_choice = "listed"\n', 0),
        (OLD + 'china_choice = "any share"\n', 0),
    ],
)
def test_the_notice_is_given_once_and_only_where_the_meaning_changed(tmp_path, text, count):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    scenario = load_scenario(path)
    said = [sentence for sentence in notices(scenario) if "has format 1" in sentence]
    assert len(said) == count
    assert all('china_choice = "listed"' in sentence for sentence in said)
    written = tmp_path / "written.toml"
    written.write_text(scenario_toml(scenario), encoding="utf-8")
    assert load_scenario(written) == scenario
