"""Without data the person is asked for data, whatever else the cards of the release could make them from."""

import pytest

from benchmarks.planner_quality import CARDS, load_skills
from mesh.errors import NeedsInputError
from orchestrator.planning.planner import build_plan


@pytest.mark.parametrize(
    "question",
    ["Analyse the data", "Draw a chart of sales by month", "Compare the two groups", "Score the new rows"],
)
def test_data_are_asked_for_and_not_what_they_could_be_made_from(question: str) -> None:
    with pytest.raises(NeedsInputError, match="Which data is this about"):
        build_plan(question, "en", [], load_skills(CARDS))
