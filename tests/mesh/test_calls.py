"""Calls and results survive the wire; a stranger's messages are understood as far as they go."""

from typing import Any

import pytest
from a2a.types import Artifact, Message, Part
from hypothesis import given
from hypothesis import strategies as st

from mesh.calls import (
    RESULT_ARTIFACT,
    bytes_part,
    data_part,
    decode_call,
    decode_result,
    encode_call,
    encode_result,
    part_data,
    text_part,
    url_part,
)
from mesh.errors import InvalidRequestError
from mesh.results import Column, DatasetRef, FileRef, Finding, Kpi, Output, SkillResult, Table

# Without surrogates, which no wire carries, and the line separators, which become spaces.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=4)
FILES = st.builds(FileRef, name=TEXT, uri=TEXT, bytes=st.none() | st.integers(0, 2**40))
DATASETS = st.builds(
    DatasetRef,
    id=TEXT,
    name=TEXT,
    uri=TEXT,
    columns=st.lists(st.builds(Column, name=TEXT, type=st.just("integer")), max_size=2),
    rows=st.integers(0, 10**9),
    bytes=st.integers(0, 10**12),
    sha256=TEXT,
)
OUTPUTS = st.builds(
    Output,
    name=TEXT,
    type=TEXT,
    dataset=st.none() | DATASETS,
    file=st.none() | FILES,
    files=st.lists(FILES, max_size=2),
    data=st.none()
    | OBJECTS.map(lambda body: {key: value for key, value in body.items() if value is not None}),
)
RESULTS = st.builds(
    SkillResult,
    summary=TEXT,
    outputs=st.lists(OUTPUTS, max_size=2),
    findings=st.lists(st.builds(Finding, text=TEXT, importance=st.floats(0, 1)), max_size=2),
    kpis=st.lists(st.builds(Kpi, label=TEXT, value=NUMBERS, text=TEXT), max_size=2),
    tables=st.lists(
        st.builds(Table, title=TEXT, columns=st.lists(TEXT), rows=st.lists(st.lists(NUMBERS))), max_size=1
    ),
    warnings=st.lists(TEXT, max_size=2),
)


def sent(message: Message) -> Message:
    """The message as it arrives."""
    return Message.FromString(message.SerializeToString())


@given(JSON)
def test_json_survives_a_data_part(value: Any) -> None:
    assert part_data(data_part(value)) == value


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_whole_numbers_stay_whole(number: int) -> None:
    assert isinstance(part_data(data_part({"n": number}))["n"], int)


@given(TEXT.filter(bool), OBJECTS, st.dictionaries(TEXT, st.lists(OUTPUTS, max_size=2), max_size=2), TEXT)
def test_a_call_arrives_as_it_was_made(
    skill: str, params: dict[str, Any], inputs: dict[str, list[Output]], goal: str
) -> None:
    call = decode_call(sent(encode_call(skill, params, inputs=inputs, goal=goal, metadata={"a": "b"})))
    assert (call.skill, call.params, call.inputs, call.goal) == (skill, params, inputs, goal)
    assert call.metadata == {"a": "b"}


@given(RESULTS)
def test_a_result_arrives_as_it_was_made(result: SkillResult) -> None:
    artifacts = encode_result(result, lambda ref: ref.uri)
    arrived = [Artifact.FromString(artifact.SerializeToString()) for artifact in artifacts]
    assert decode_result(arrived) == result


def test_files_of_a_result_are_there_for_any_client() -> None:
    file = FileRef(name="m.zip", media_type="application/zip", uri="mesh://objects/ab")
    result = SkillResult(summary="Done.", outputs=[Output(name="model", type="model", file=file)])
    first, second = encode_result(result, lambda _: "http://storage/ab")
    assert (first.artifact_id, first.parts[0].text) == (RESULT_ARTIFACT, "Done.")
    assert (second.parts[0].url, second.parts[0].filename) == ("http://storage/ab", "m.zip")


@pytest.mark.parametrize(("goal", "language"), [("Analyse", "en"), ("분석해 줘", "ko")])
def test_plain_text_is_a_call_without_a_skill(goal: str, language: str) -> None:
    call = decode_call(Message(parts=[text_part(goal), bytes_part(b"a", name="a.csv"), url_part("http://b")]))
    assert (call.skill, call.goal, call.language) == (None, goal, language)
    assert [part.WhichOneof("content") for part in call.files] == ["raw", "url"]


def test_the_language_that_is_named_wins() -> None:
    message = Message(parts=[text_part("분석")], metadata={"language": "en"})
    assert decode_call(message).language == "en"


def test_a_foreign_data_part_is_not_a_call() -> None:
    assert decode_call(Message(parts=[data_part({"rows": 3}), data_part([1]), text_part("x")])).skill is None


@pytest.mark.parametrize(
    ("body", "said"),
    [({"skill": "s", "speed": 1}, "speed"), ({"skill": "s", "inputs": {"d": {"nme": "x"}}}, "inputs")],
)
def test_a_malformed_call_is_refused(body: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        decode_call(Message(parts=[data_part(body)]))


def test_what_a_stranger_answers_becomes_text_and_files() -> None:
    parts = [text_part("Hello."), data_part({"n": 1}), data_part([2]), url_part("http://f", name="f.png")]
    result = decode_result([Artifact(artifact_id="a", name="answer", parts=parts)])
    assert result.summary == "Hello."
    (output,) = result.outputs
    assert (output.name, output.type) == ("answer", "text")
    assert output.data == {"text": "Hello.", "n": 1, "value": [2]}
    assert [(file.name, file.uri) for file in output.files] == [("f.png", "http://f")]
    assert decode_result([]) == SkillResult(summary="")


def test_nothing_sent_can_break_an_event_streams_line() -> None:
    ends = "a\u2028b\u2029c\x85d"
    assert text_part(ends).text == "a b c d"
    assert part_data(data_part({ends: [ends]})) == {"a b c d": ["a b c d"]}
    assert Part(text="\n").text == "\n"
