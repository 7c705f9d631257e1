"""Registrations and listings in the language of the question."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Table

from .jobs import Registered
from .record import Record
from .registry import Version


def registration_findings(language: Language, record: Record, made: Registered) -> list[Finding]:
    """The version that was made, and how it compares with the champion before it."""
    facts: dict[str, Any] = {
        "name": record.name,
        "version": int(made.version.version),
        "metric": record.metric.upper(),
        "value": record.value,
    }
    first = finding(
        language,
        en="The model is registered in MLflow as '{name}' version {version} ({metric} {value:,.4g}).",
        ko="모델을 MLflow에 '{name}' 버전 {version}(으로/로) 등록했습니다({metric} {value:,.4g}).",
        importance=0.7,
        kind="registry",
        **facts,
    )
    return [first, _comparison(language, facts, made)]


def _comparison(language: Language, facts: dict[str, Any], made: Registered) -> Finding:
    previous, promotion = made.previous, made.promotion
    if previous is None:
        return finding(
            language,
            en="It is the first version, so it is the champion.",
            ko="첫 번째 버전이므로 챔피언(champion)으로 지정했습니다.",
            importance=0.6,
            kind="promotion",
        )
    facts = {**facts, "previous": int(previous.version)}
    if promotion.verdict == "not_comparable":
        return finding(
            language,
            en="The champion, version {previous}, was scored in another metric, so it stays; the new version is the challenger.",
            ko="챔피언인 버전 {previous}(은/는) 다른 지표로 평가되어 유지하고, 새 버전은 도전자(challenger)로 두었습니다.",
            importance=0.6,
            kind="promotion",
            previous=facts["previous"],
        )
    facts["before"] = previous.value
    if promotion.promoted:
        en = "It is better than version {previous} ({metric} {value:,.4g} against {before:,.4g}) and takes over as the champion."
        ko = "버전 {previous}보다 성능이 좋아({metric} {value:,.4g}, 이전 {before:,.4g}) 새 챔피언(champion)으로 지정했습니다."
    else:
        en = "It is not better than the champion, version {previous} ({metric} {value:,.4g} against {before:,.4g}), which stays; "
        en += "the new version is the challenger."
        ko = "챔피언인 버전 {previous}보다 낫지 않아({metric} {value:,.4g}, 챔피언 {before:,.4g}) 챔피언은 유지하고, "
        ko += "새 버전은 도전자(challenger)로 두었습니다."
    return finding(language, en=en, ko=ko, importance=0.65, kind="promotion", **facts)


def registration_warnings(language: Language, record: Record, made: Registered, files: int) -> list[str]:
    """What to know before using the version."""
    notes = []
    if record.tags["beats_baseline"] == "false":
        notes.append(
            say(
                language,
                en="This model does not beat the naive baseline; think twice before deploying it.",
                ko="이 모델은 단순 기준선보다 낫지 않습니다. 배포 전에 다시 검토하시기 바랍니다.",
            )
        )
    previous = made.previous
    if (
        previous is not None
        and previous.value is not None
        and previous.dataset_id != record.tags.get("dataset_id")
    ):
        notes.append(
            say(
                language,
                en="The champion was scored on another dataset, so the comparison is only a rough one.",
                ko="챔피언은 다른 데이터셋에서 평가되었으므로 비교 결과는 참고용입니다.",
            )
        )
    if files == 0:
        notes.append(
            say(
                language,
                en="No model file was given: only its description is registered.",
                ko="모델 파일이 없어 모델 설명만 등록했습니다.",
            )
        )
    return notes


def version_table(language: Language, versions: list[Version]) -> Table:
    """One row per version."""
    korean = ["모델", "버전", "별칭", "지표", "값", "알고리즘", "작업"]
    english = ["Model", "Version", "Aliases", "Metric", "Value", "Algorithm", "Task"]
    return Table(
        title=say(language, en="Registered models", ko="등록된 모델"),
        columns=korean if language == "ko" else english,
        rows=[
            [v.name, int(v.version), ", ".join(v.aliases), v.metric, v.value, v.model, v.task]
            for v in versions
        ],
    )


def listing_finding(language: Language, versions: list[Version]) -> Finding:
    """How much is registered."""
    if not versions:
        return finding(
            language, en="No model is registered yet.", ko="아직 등록된 모델이 없습니다.", kind="registry"
        )
    return finding(
        language,
        en="{models} registered models with {versions} versions in total.",
        ko="등록된 모델은 {models}개이며 버전은 모두 {versions}개입니다.",
        importance=0.6,
        kind="registry",
        models=len({v.name for v in versions}),
        versions=len(versions),
    )
