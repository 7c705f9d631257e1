from typing import get_args

import pytest

from agents.automl.h2o_notes import Absence, absence_note
from mesh.language import detect_language


@pytest.mark.parametrize("why", get_args(Absence))
def test_the_absence_of_h2o_is_explained_in_both_languages_with_a_remedy(why: Absence) -> None:
    english, korean = absence_note("en", why), absence_note("ko", why)
    assert detect_language(english) == "en"
    assert detect_language(korean) == "ko"
    assert "H2O AutoML" in english
    assert "H2O AutoML" in korean
    assert ("time_budget_s" in english) == (why in ("time", "refused"))
    assert ("time_budget_s" in korean) == (why in ("time", "refused"))
