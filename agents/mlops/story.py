"""Registrations and listings in the language of the question."""

from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Table

from .gate_story import gate_table, gate_template
from .history import Change
from .metric_names import metric_name
from .record import Record
from .registering import Listing, Registered
from .registry import Version
from .runs import Newcomer

_KINDS = {
    "first": ("first champion", "첫 챔피언"),
    "promotion": ("promoted", "승격"),
    "forced": ("promoted by force", "강제 승격"),
    "rollback": ("rolled back", "롤백"),
    "outside": ("changed outside the mesh", "외부에서 변경"),
}


def registration_findings(language: Language, record: Record, made: Registered) -> list[Finding]:
    """The version that was made, and how it compares with the champion before it."""
    return [registered_finding(language, record, made.version), _comparison(language, made)]


def registered_finding(language: Language, record: Record, version: Version) -> Finding:
    """The version that was made."""
    return finding(
        language,
        en="The model is registered in MLflow as '{name}' version {version} ({metric} {value:,.4g}).",
        ko="모델을 MLflow에 '{name}' 버전 {version}(으로/로) 등록했습니다({metric} {value:,.4g}).",
        importance=0.7,
        kind="registry",
        name=record.name,
        version=int(version.version),
        metric=metric_name(record.metric),
        value=record.value,
    )


def _comparison(language: Language, made: Registered) -> Finding:
    if made.compared is None or made.champion is None:
        return finding(
            language,
            en="It is the first version, so it is the champion.",
            ko="첫 번째 버전이므로 챔피언(champion)으로 지정했습니다.",
            importance=0.6,
            kind="promotion",
        )
    decision = made.compared.decision
    gates = decision.failed or tuple(gate for gate in decision.gates if gate.name == "better")
    english, korean = gate_template(gates[0])
    if decision.passed:
        en = "It takes over from version {previous} as the champion. "
        ko = "버전 {previous}(을/를) 대신해 새 챔피언(champion)으로 지정했습니다. "
    else:
        en = "The champion, version {previous}, stays, and the new version is the challenger. "
        ko = "챔피언인 버전 {previous}(은/는) 유지하고, 새 버전은 도전자(challenger)로 두었습니다. "
    facts = {**gates[0].facts, "previous": int(made.champion.version)}
    return finding(language, en=en + english, ko=ko + korean, importance=0.65, kind="promotion", **facts)


def registration_tables(language: Language, made: Registered) -> list[Table]:
    """The conditions of its promotion, when there was a champion."""
    return [gate_table(language, made.compared.decision)] if made.compared else []


def registration_warnings(language: Language, newcomer: Newcomer) -> list[str]:
    """What to know before using the version."""
    notes = []
    if newcomer.record.tags["beats_baseline"] == "false":
        notes.append(
            say(
                language,
                en="This model does not beat the naive baseline; think twice before deploying it.",
                ko="이 모델은 단순 기준선보다 낫지 않습니다. 배포 전에 다시 검토하시기 바랍니다.",
            )
        )
    if not newcomer.trained.files:
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
    korean = ["모델", "버전", "별칭", "지표", "값", "알고리즘", "작업", "데이터", "등록 시각 (UTC)"]
    english = [
        "Model",
        "Version",
        "Aliases",
        "Metric",
        "Value",
        "Algorithm",
        "Task",
        "Data",
        "Registered (UTC)",
    ]
    return Table(
        title=say(language, en="Registered models", ko="등록된 모델"),
        columns=korean if language == "ko" else english,
        rows=[
            [
                *(v.name, int(v.version), ", ".join(v.aliases), v.metric, v.value, v.model, v.task),
                *(v.dataset_name or v.dataset_id, _moment(v.registered_at)),
            ]
            for v in versions
        ],
    )


def history_table(language: Language, listing: Listing) -> Table:
    """Who was the champion when and why, newest first."""
    korean = ["모델", "시각 (UTC)", "챔피언", "이전", "변경", "이유"]
    english = ["Model", "When (UTC)", "Champion", "Before", "Change", "Why"]
    return Table(
        title=say(language, en="History of the champion", ko="챔피언 이력"),
        columns=korean if language == "ko" else english,
        rows=[
            _change_row(name, change, language)
            for name, changes in listing.history.items()
            for change in reversed(changes)
        ],
    )


def _change_row(name: str, change: Change, language: Language) -> list[Any]:
    before = int(change.previous) if change.previous else None
    kind = _KINDS[change.kind][language == "ko"]
    return [name, _moment(change.at), int(change.version), before, kind, change.reason]


def _moment(at: str) -> str:
    return at[:16].replace("T", " ") or "–"


def listing_findings(language: Language, listing: Listing) -> list[Finding]:
    """How much is registered, and which version is the champion of each name."""
    versions = listing.versions
    if not versions:
        return [
            finding(
                language, en="No model is registered yet.", ko="아직 등록된 모델이 없습니다.", kind="registry"
            )
        ]
    found = [
        finding(
            language,
            en="{models} registered models with {versions} versions in total.",
            ko="등록된 모델은 {models}개이며 버전은 모두 {versions}개입니다.",
            importance=0.6,
            kind="registry",
            models=len({v.name for v in versions}),
            versions=len(versions),
        )
    ]
    champions = [version for version in versions if "champion" in version.aliases]
    return found + [_champion(language, version) for version in champions[:3]]


def _champion(language: Language, version: Version) -> Finding:
    facts: dict[str, Any] = {"name": version.name, "version": int(version.version)}
    en, ko = "The champion of '{name}' is version {version}", "'{name}'의 챔피언은 버전 {version}"
    if version.value is not None:
        facts |= {"metric": metric_name(version.metric), "value": version.value}
        en, ko = en + " ({metric} {value:,.4g})", ko + "({metric} {value:,.4g})"
    return finding(language, en=en + ".", ko=ko + "입니다.", importance=0.5, kind="champion", **facts)
