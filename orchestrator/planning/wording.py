"""What the built-in planner tells people, in the language of the question."""

from collections.abc import Iterable, Sequence

from mesh.errors import DeadlineError, MeshError, UnavailableError
from mesh.language import Language, detect_language, say

from .skills import SOURCE, SkillView

_KINDS_KO = {
    SOURCE: "원본 파일",
    "dataset": "데이터셋",
    "load_report": "적재 보고서",
    "quality_report": "품질 보고서",
    "eda_report": "탐색 분석 결과",
    "chart": "차트",
    "model": "모델",
    "model_version": "모델 버전",
    "model_list": "모델 목록",
    "forecast": "예측 결과",
    "notebook": "노트북",
    "answer": "답변",
    "report": "보고서",
    "stream": "스트림",
    "stream_report": "스트림 보고서",
    "text": "글",
}
_SHOWN_EXAMPLES = 5


def kind_of(type_: str, language: Language) -> str:
    """What a type of the dataflow extension is called: in Korean its usual name, else the word as it is."""
    word = type_.replace("_", " ")
    return _KINDS_KO.get(type_, word) if language == "ko" else word


def cannot(skills: Iterable[SkillView], language: Language) -> str:
    """That no skill fits the question, and what the mesh can do instead."""
    return _with_abilities(
        skills,
        language,
        say(
            language,
            en="This is outside what the agents of this mesh can do.",
            ko="이 요청은 현재 연결된 에이전트가 할 수 있는 일이 아닙니다.",
        ),
    )


def introduction(skills: Iterable[SkillView], language: Language) -> str:
    """What the mesh is and can do."""
    return _with_abilities(
        skills,
        language,
        say(
            language,
            en="I am a mesh of agents that analyse data. Send a file together with a question.",
            ko="데이터를 분석하는 에이전트 메시입니다. 질문과 함께 파일을 보내 주십시오.",
        ),
    )


def _with_abilities(skills: Iterable[SkillView], language: Language, opening: str) -> str:
    """The opening, the skills' names and some examples, the weightiest work first."""
    able = sorted(skills, key=lambda skill: (-skill.weight, skill.key))
    if not able:
        return say(
            language,
            en="No agent is available that could answer this. Start or register an agent and ask again.",
            ko=(
                "지금은 이 질문에 답할 수 있는 에이전트가 없습니다. 에이전트를 시작하거나 등록한 뒤 다시 "
                "질문해 주십시오."
            ),
        )
    names = ", ".join(dict.fromkeys(skill.called(language) for skill in able))
    examples = [example for skill in able if (example := _example(skill, language))][:_SHOWN_EXAMPLES]
    lines = "".join(f"\n- {example}" for example in examples)
    listed = say(
        language, en="The agents can do the following: {names}.", ko="할 수 있는 일: {names}.", names=names
    )
    asked = say(language, en=" For example:{lines}", ko=" 예:{lines}", lines=lines) if lines else ""
    return f"{opening} {listed}{asked}"


def _example(skill: SkillView, language: Language) -> str:
    """The first of its card's examples in this language; empty without one."""
    return next((text for text in skill.examples if detect_language(text) == language), "")


def needs(type_: str, language: Language) -> str:
    """The question back to the person when the plan's first input is missing."""
    if type_ == SOURCE:
        return say(
            language,
            en="Which data is this about? Send a file, or the address of one, together with the question.",
            ko="어떤 데이터에 대한 질문입니까? 질문과 함께 파일이나 파일 주소를 보내 주십시오.",
        )
    return say(
        language,
        en="This needs a {kind}, which was not given and no available agent produces.",
        ko="이 요청에는 {kind}(이/가) 필요하지만, 주어지지 않았고 이를 만들 수 있는 에이전트도 없습니다.",
        kind=kind_of(type_, language),
    )


def asked_the_data(language: Language) -> str:
    """That the question names no work that a skill is made for."""
    return say(
        language,
        en="The question names no particular analysis, so its answer was looked for in the data.",
        ko="질문에서 특정한 분석을 찾지 못해, 데이터에서 답을 찾아보았습니다.",
    )


def left_out(skill: SkillView, type_: str, language: Language) -> str:
    """A warning that one part of the question is not answered."""
    return say(
        language,
        en="{name} was left out: it needs a {kind}, which was not given and no available agent produces.",
        ko=(
            "{name} 단계는 제외했습니다. 필요한 {kind}(이/가) 주어지지 않았고 이를 만들 수 있는 에이전트도 "
            "없습니다."
        ),
        name=skill.called(language),
        kind=kind_of(type_, language),
    )


def narrowed(skill: SkillView, taken: str, left: Sequence[str], language: Language) -> str:
    """A warning that a skill for one table works on one of several, and that nothing can join them."""
    return say(
        language,
        en="{name} works on {taken} alone, without {left}: it takes one table, and no available agent combines several.",
        ko="{name} 단계는 {left} 없이 {taken}만 다룹니다. 한 표만 받는 단계이고, 여러 표를 합칠 수 있는 에이전트가 없습니다.",
        name=skill.called(language),
        taken=taken,
        left=", ".join(left),
    )


def left_unread(titles: Sequence[str], language: Language) -> str:
    """A warning that the question brought sources that no step takes."""
    return say(
        language,
        en="No step of the plan reads {titles}.",
        ko="계획의 어느 단계도 {titles}(을/를) 읽지 않습니다.",
        titles=", ".join(titles),
    )


def asked_because(example: str, language: Language) -> str:
    """The reason of a step that the question asks for."""
    if not example:
        return say(language, en="The question asks for this.", ko="질문에서 요청한 작업입니다.")
    return say(
        language,
        en="The question asks for this; the agent's card gives “{example}” as an example.",
        ko="질문에서 요청한 작업이며, 에이전트 카드의 예시 “{example}”(과/와) 비슷합니다.",
        example=example,
    )


def carries_on(goal: str, language: Language) -> str:
    """The reason of a step that does an earlier one again with a change."""
    return say(
        language,
        en="Carries on “{goal}” with the change asked for.",
        ko="앞선 요청 “{goal}”(을/를) 요청하신 대로 바꾸어 이어 갑니다.",
        goal=goal,
    )


def helpful(language: Language) -> str:
    """The reason of an optional step."""
    return say(
        language,
        en="Not asked for by name, but part of a complete look at the data.",
        ko="직접 요청하지는 않았지만 데이터를 온전히 살펴보는 데 도움이 됩니다.",
    )


def supplies(types: Sequence[str], names: Sequence[str], language: Language) -> str:
    """The reason of a step that others, of these names, need for what it gives."""
    return say(
        language,
        en="Gives the {kinds} for: {names}.",
        ko="다음 단계에 필요한 {kinds}(을/를) 제공합니다: {names}.",
        kinds=", ".join(kind_of(type_, language) for type_ in types),
        names=", ".join(names),
    )


def fallback(error: MeshError, language: Language) -> str:
    """The warning of a plan that the language model was asked for and did not give."""
    return say(
        language,
        en="The plan was made by the built-in planner instead of the language model: {why}.",
        ko="언어 모델 대신 내장 플래너가 계획을 세웠습니다. 사유: {why}.",
        why=_why(error, language),
    )


def fallback_detour(error: MeshError, language: Language) -> str:
    """The warning of a way around a failure that the language model was asked for and did not give."""
    return say(
        language,
        en="The way around a failed step was found by the built-in planner instead of the language model: {why}.",
        ko="실패한 단계를 대신할 방법은 언어 모델 대신 내장 플래너가 찾았습니다. 사유: {why}.",
        why=_why(error, language),
    )


def _why(error: MeshError, language: Language) -> str:
    if isinstance(error, DeadlineError):
        return say(language, en="it did not answer in time", ko="언어 모델의 응답 시간 초과")
    if isinstance(error, UnavailableError):
        return say(language, en="it is not available", ko="언어 모델 연결 불가")
    return say(language, en="its plan could not be used", ko="언어 모델이 제시한 계획의 오류")


def unused(names: Sequence[str], language: Language) -> str:
    """The warning that parameters of the order had no effect."""
    return say(
        language,
        en="No step of the plan takes these parameters with the values given, so they had no effect: {names}.",
        ko="다음 매개변수는 지정한 값으로 받는 단계가 없어 적용되지 않았습니다: {names}.",
        names=", ".join(names),
    )
