"""Every number in the prose of a report is one that a step computed, and the report says where it is."""

import json
import re
from typing import Any

import pytest

from mesh.analysis import Analysis
from mesh.results import Finding, Output
from orchestrator.reporting.document import report_of
from orchestrator.reporting.numbers import stated_numbers
from orchestrator.reporting.record import record_of
from tests.orchestrator.reporting.building import analysis, step

MADE = [f"{kind}-{language}" for kind in ("forecast", "prediction", "answer") for language in ("en", "ko")]


def at(pointer: str, document: Any) -> Any:
    """What an RFC 6901 pointer leads to."""
    for token in pointer.removeprefix("/").split("/"):
        key = token.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


@pytest.mark.parametrize("name", MADE)
def test_every_number_in_a_real_report_leads_to_its_stored_value(
    made: dict[str, Analysis], name: str
) -> None:
    record = json.loads(json.dumps(record_of(made[name])))
    assert len(record["numbers"]) >= (40 if name.startswith("forecast") else 5)
    assert [(item["text"], item["sentence"]) for item in record["numbers"] if item["pointer"] is None] == []
    exact = 0
    for item in record["numbers"]:
        stored = at(item["pointer"], record)
        exact += stored == item["value"]
        named = item["pointer"].endswith(f"_{item['value']:.0f}")
        assert named or not isinstance(stored, int | float) or stored == item["value"], item
    assert exact >= 0.8 * len(record["numbers"])


@pytest.mark.parametrize("name", [name for name in MADE if name.startswith("forecast")])
def test_the_numbers_of_a_finding_come_from_its_own_step(made: dict[str, Analysis], name: str) -> None:
    analysis_made = made[name]
    steps = {item.text: item.step for item in analysis_made.findings}
    found = [
        item for item in stated_numbers(analysis_made, report_of(analysis_made)) if item.place == "findings"
    ]
    assert len(found) > 20
    assert [item for item in found if item.step != steps[item.sentence]] == []


def test_an_answers_number_comes_with_the_query_that_gave_it(made: dict[str, Analysis]) -> None:
    found = stated_numbers(made["answer-en"], report_of(made["answer-en"]))
    total = next(item for item in found if item.place == "answer" and len(item.text) > 5)
    assert total.step == "answer_question"
    assert re.match(r"(?i)\s*(select|with)\b", total.made_by["sql"])
    assert total.made_by["skill"] == "answer_question"


def invented(text: str, **data: Any) -> list[str]:
    """The numbers of a finding that cannot be traced."""
    output = Output(name="o", type="novelty", data=data)
    told = analysis(
        step("explore", "eda_analysis", summary="Done.", outputs=[output]),
        findings=[Finding(text=text, step="explore")],
    )
    return [item.text for item in stated_numbers(told, report_of(told)) if item.pointer is None]


def test_a_number_nobody_computed_is_shown_to_have_no_source() -> None:
    assert invented("Revenue rose by 41.7%.", change=0.321) == ["41.7"]
    assert invented("Revenue rose by 32.1%.", change=0.321) == []


def test_units_decide_what_a_number_may_stand_for() -> None:
    assert invented("It is 3.21 million.", total=3_210_000) == []
    assert invented("It is 3.21.", total=3_210_000) == ["3.21"]
    assert invented("합계는 1.32억입니다.", total=132_050_950) == []
    assert invented("합계는 1.32만입니다.", total=132_050_950) == ["1.32"]
    assert invented("수준이 736.0만큼 올랐습니다.", shift=735.97) == []
    assert invented("It fell by 12.5%.", change=-0.125) == []


def test_precision_is_that_of_the_text() -> None:
    assert invented("The mean is 2.35.", mean=2.3461) == []
    assert invented("The mean is 2.34.", mean=2.3461) == ["2.34"]
