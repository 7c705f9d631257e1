"""What holding another column fixed does to a difference, in sentences."""

from typing import Any

from mesh.language import Language
from mesh.results import Finding

from .group_figures import CONFIDENCE, group_label, outcome_name, value_key
from .wording import p_part, tell

ALPHA = 0.05
IMPORTANCE = {"reversed": 0.93, "vanishes": 0.92, "appears": 0.82, "stays": 0.7}
SENTENCES: dict[str, tuple[str, str]] = {
    "reversed": (
        "Beware of Simpson's paradox: with {column} held fixed the difference in {measure} turns round",
        "심슨의 역설에 주의하세요. {column}(을/를) 고정하면 {measure} 차이의 방향이 반대가 됩니다",
    ),
    "vanishes": (
        "With {column} held fixed no difference in {measure} is left to show: the groups differ in {column}",
        "{column}(을/를) 고정하면 {measure} 차이가 더는 확인되지 않습니다. 집단마다 {column} 구성이 다르기 때문입니다",
    ),
    "appears": (
        "With {column} held fixed there is a difference in {measure} by {group}",
        "{column}(을/를) 고정하면 {group}에 따른 {measure} 차이가 드러납니다",
    ),
    "stays": (
        "With {column} held fixed, {measure} {differs} by {group}",
        "{column}(을/를) 고정해도 {group}에 따른 {measure} 차이는 {differs}",
    ),
}


def held_findings(test: dict[str, Any], language: Language) -> list[Finding]:
    """One sentence for each column held fixed, and one where the difference varies between its levels."""
    found: list[Finding] = []
    for record in test["held_fixed"]:
        found.append(_held(test, record, language))
        if record["asked"] and record["interaction_p"] is not None and record["interaction_p"] < ALPHA:
            found.append(_interplay(test, record, language))
    return found


def _held(test: dict[str, Any], record: dict[str, Any], language: Language) -> Finding:
    rate = value_key(test) == "rate"
    factor = 100.0 if rate else 1.0
    unit_en, unit_ko, spec = (" percentage points", "%p", ":+.1f") if rate else ("", "", ":+")
    chance, p_values = p_part(record["p"])
    english, korean = SENTENCES[record["verdict"]]
    shown = record["p"] < ALPHA
    differs = ("differs", "남습니다") if shown else ("does not clearly differ", "뚜렷하지 않습니다")
    return tell(
        language,
        en=english
        + f" ({{high}} less {{low}}: {{crude{spec}}}{unit_en} overall, {{difference{spec}}} within the same {{column}}, "
        f"{{confidence:.0%}} CI {{difference_low{spec}}} to {{difference_high{spec}}}; two-way ANOVA, {chance}).",
        ko=korean
        + f"({{high}} − {{low}}: 전체 {{crude{spec}}}{unit_ko}, 같은 {{column}} 안에서 {{difference{spec}}}{unit_ko}, "
        f"{{confidence:.0%}} 신뢰구간 {{difference_low{spec}}}~{{difference_high{spec}}}; 이원 분산분석, {chance}).",
        importance=IMPORTANCE[record["verdict"]],
        kind="held_fixed",
        column=record["column"],
        measure=outcome_name(test),
        group=test["group"],
        high=group_label(test, {"name": record["high"]}),
        low=group_label(test, {"name": record["low"]}),
        confidence=CONFIDENCE,
        **{key: factor * record[key] for key in ("crude", "difference", "difference_low", "difference_high")},
        **({"differs": differs[language == "ko"]} if record["verdict"] == "stays" else {}),
        **p_values,
    )


def _interplay(test: dict[str, Any], record: dict[str, Any], language: Language) -> Finding:
    chance, p_values = p_part(record["interaction_p"])
    return tell(
        language,
        en="How much {measure} differs by {group} depends on {column} (interaction, " + chance + ").",
        ko="{group}에 따른 {measure} 차이의 크기는 {column}에 따라 달라집니다(상호작용, " + chance + ").",
        importance=0.72,
        kind="held_fixed",
        measure=outcome_name(test),
        group=test["group"],
        column=record["column"],
        **p_values,
    )
