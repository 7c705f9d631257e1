"""Promotions and roll-backs in the language of the question."""

from mesh.language import Language, finding
from mesh.results import Finding

from .gate_story import gate_remedy, gate_template
from .history import Change
from .registering import Promoted
from .registry import Version


def promotion_findings(language: Language, made: Promoted) -> list[Finding]:
    """Whether the version is the champion now and why, and when it is not, what would make it so."""
    facts = {"name": made.version.name, "version": int(made.version.version)}
    if made.compared is None:
        en, ko = (
            (
                "'{name}' version {version} is the champion already.",
                "'{name}' 버전 {version}(은/는) 이미 챔피언입니다.",
            )
            if made.change is None
            else (
                "'{name}' version {version} is the champion now; there was none before.",
                "'{name}' 버전 {version}(을/를) 챔피언으로 지정했습니다. 이전 챔피언은 없었습니다.",
            )
        )
        return [finding(language, en=en, ko=ko, importance=0.9, kind="promotion", **facts)]
    before = int(made.compared.comparison.first.version or 0)
    if made.change is None:
        en = "'{name}' version {version} was not promoted; version {before} stays the champion."
        ko = "'{name}' 버전 {version}(은/는) 승격하지 않았고, 버전 {before}(이/가) 챔피언으로 남습니다."
    elif made.change.kind == "forced":
        en = "'{name}' version {version} was made the champion in place of version {before} because you insisted, although "
        en += "conditions are not met."
        ko = "조건을 충족하지 못했지만 요청에 따라 '{name}' 챔피언을 버전 {before}에서 버전 {version}(으로/로) 강제로 바꿨습니다."
    else:
        en = "'{name}' version {version} is the champion now, in place of version {before}."
        ko = "'{name}' 챔피언을 버전 {before}에서 버전 {version}(으로/로) 바꿨습니다."
    found = [finding(language, en=en, ko=ko, importance=0.9, kind="promotion", before=before, **facts)]
    return [*found, *_reasons(language, made)]


def _reasons(language: Language, made: Promoted) -> list[Finding]:
    """The gates that bar it, each with its remedy; when none does, the gain."""
    if made.compared is None:
        return []
    decision = made.compared.decision
    told = decision.failed or tuple(gate for gate in decision.gates if gate.name == "better")
    found = []
    for gate in told:
        en, ko = gate_template(gate)
        facts = dict(gate.facts)
        remedy = gate_remedy(gate, language) if made.change is None else ""
        if remedy:
            facts["remedy"] = remedy
            en, ko = f"{en} {{remedy}}", f"{ko} {{remedy}}"
        found.append(finding(language, en=en, ko=ko, importance=0.8, kind="gate", **facts))
    return found


def rollback_findings(language: Language, version: Version, change: Change) -> list[Finding]:
    """Which version is the champion again, and which was taken back."""
    return [
        finding(
            language,
            en="'{name}' was rolled back: version {version} is the champion again, in place of version {before}.",
            ko="'{name}'(을/를) 롤백했습니다. 버전 {before} 대신 버전 {version}(이/가) 다시 챔피언입니다.",
            importance=0.9,
            kind="rollback",
            name=version.name,
            version=int(version.version),
            before=int(change.previous or 0),
        )
    ]
