"""The gates of a promotion in words: what each found, and what would make it pass."""

from mesh.language import Language, say
from mesh.results import Table

from .promotion import Decision, Gate

_NAMES = {
    "task": ("Same task", "같은 작업"),
    "schema": ("Same inputs", "입력 호환"),
    "file": ("Model file", "모델 파일"),
    "sample": ("Enough rows", "충분한 표본"),
    "better": ("Better", "성능 향상"),
    "segments": ("No worse group", "나빠진 집단 없음"),
}
_FOUND = {
    ("task", "same"): ("Both predict the same: {after}.", "같은 대상을 예측합니다({after})."),
    ("task", "other"): (
        "It predicts {after}, the champion {before}.",
        "새 버전은 {after}, 챔피언은 {before} 모델입니다.",
    ),
    ("task", "classes"): (
        "It knows the classes {after}, the champion {before}.",
        "새 버전의 범주는 {after}, 챔피언의 범주는 {before}입니다.",
    ),
    ("schema", "fits"): (
        "Rows for the champion fit it too ({count} input columns).",
        "챔피언에 보내던 행을 그대로 쓸 수 있습니다(입력 열 {count}개).",
    ),
    ("schema", "added"): (
        "It needs {count} columns that the champion does not take: {columns}.",
        "챔피언이 쓰지 않는 열 {count}개가 필요합니다: {columns}.",
    ),
    ("schema", "retyped"): (
        "{count} columns have another type than the champion takes: {columns}.",
        "챔피언과 형식이 다른 열이 {count}개입니다: {columns}.",
    ),
    ("file", "there"): ("The model file is there.", "모델 파일이 있습니다."),
    ("file", "missing"): (
        "It has no model file, the champion has one.",
        "챔피언에는 모델 파일이 있지만 새 버전에는 없습니다.",
    ),
    ("file", "neither"): ("Neither has a model file.", "두 버전 모두 모델 파일이 없습니다."),
    ("sample", "enough"): (
        "{rows:,} rows were scored (at least {least:,}).",
        "평가한 행은 {rows:,}개입니다(최소 {least:,}개).",
    ),
    ("sample", "few"): (
        "Only {rows:,} rows were scored; at least {least:,} are needed.",
        "평가한 행이 {rows:,}개뿐입니다(최소 {least:,}개 필요).",
    ),
    ("sample", "unknown"): (
        "It is not known how many rows were scored.",
        "몇 개의 행으로 평가했는지 알 수 없습니다.",
    ),
    ("better", "better"): (
        "{metric} {after:,.4g} against {before:,.4g}: better by {gain:,.4g} ({level:.0%} interval {low:,.4g} to {high:,.4g}).",
        "{metric} {after:,.4g}(비교 대상 {before:,.4g}): {gain:,.4g}만큼 좋습니다({level:.0%} 구간 {low:,.4g}~{high:,.4g}).",
    ),
    ("better", "score_better"): (
        "{metric} {after:,.4g} against {before:,.4g}: better by {gain:,.4g}; single rows were not kept, so there is no interval.",
        "{metric} {after:,.4g}(비교 대상 {before:,.4g}): {gain:,.4g}만큼 좋습니다. 행별 예측이 없어 구간은 구하지 못했습니다.",
    ),
    ("better", "not_better"): (
        "{metric} {after:,.4g} against {before:,.4g}: a gain of {gain:,.4g}, where more than {margin:,.4g} is asked for.",
        "{metric} {after:,.4g}(비교 대상 {before:,.4g}): 향상 폭 {gain:,.4g}(은/는) 기준 {margin:,.4g}(을/를) 넘지 못합니다.",
    ),
    ("better", "chance"): (
        (
            "{metric} {after:,.4g} against {before:,.4g}: a gain of {gain:,.4g} that chance can explain "
            "({level:.0%} interval {low:,.4g} to {high:,.4g})."
        ),
        (
            "{metric} {after:,.4g}(비교 대상 {before:,.4g}): 향상 폭 {gain:,.4g}(은/는) 우연으로 설명될 수 있습니다"
            "({level:.0%} 구간 {low:,.4g}~{high:,.4g})."
        ),
    ),
    ("better", "no_interval"): (
        "{metric} {after:,.4g} against {before:,.4g}: too few rows of each class to tell the gain of {gain:,.4g} from chance.",
        "{metric} {after:,.4g}(비교 대상 {before:,.4g}): 범주별 행이 적어 향상 폭 {gain:,.4g}(이/가) 우연인지 알 수 없습니다.",
    ),
    ("better", "other_data"): (
        (
            "{metric} {after:,.4g} and {before:,.4g} do not come from the same data as far as is known, so they do not say which "
            "model is better."
        ),
        "{metric} {after:,.4g}, {before:,.4g}(은/는) 같은 데이터에서 측정했다고 볼 수 없어 어느 모델이 나은지 알 수 없습니다.",
    ),
    ("better", "metric"): (
        "The champion was not scored in {metric}.",
        "챔피언은 {metric}(으로/로) 평가되지 않았습니다.",
    ),
    ("segments", "none"): (
        "None of {segments:,} groups of rows is worse by more than chance.",
        "집단 {segments:,}개 가운데 우연을 넘어 나빠진 곳이 없습니다.",
    ),
    ("segments", "worse"): (
        (
            "It is worse in {worse:,} of {segments:,} groups, first of all {feature} = {level} ({rows:,} rows): mean error "
            "{after:,.3g} against {before:,.3g} (corrected p {p:.2g})."
        ),
        (
            "집단 {segments:,}개 중 {worse:,}개에서 나빠졌습니다. 가장 나빠진 곳은 {feature} = {level}({rows:,}행)이며 "
            "평균 오차가 {after:,.3g}, 챔피언은 {before:,.3g}입니다(보정 p {p:.2g})."
        ),
    ),
    ("segments", "unknown"): (
        "Groups of rows could not be compared: there are no rows that both scored.",
        "두 모델이 함께 평가한 행이 없어 집단별로 비교하지 못했습니다.",
    ),
}
_REMEDIES = {
    "task": ("Register it under a name of its own.", "다른 이름으로 등록해 주십시오."),
    "schema": (
        "Train with the champion's columns, or insist once whoever sends rows sends the new ones.",
        "챔피언과 같은 열로 학습하거나, 행을 보내는 쪽을 고친 뒤 강제로 승격해 주십시오.",
    ),
    "file": (
        "Train the model again and register it with its file.",
        "모델을 다시 학습해 파일과 함께 등록해 주십시오.",
    ),
    "sample": (
        "Train on more rows, or give a dataset to score both on.",
        "더 많은 행으로 학습하거나, 두 모델을 평가할 데이터를 함께 주십시오.",
    ),
    "not_better": ("Train a better model.", "더 나은 모델을 학습해 주십시오."),
    "no_interval": (
        "Give more rows that neither was trained on.",
        "두 모델이 학습하지 않은 행을 더 주십시오.",
    ),
    "chance": (
        "Give more rows that neither was trained on, or train a clearly better model.",
        "두 모델이 학습하지 않은 행을 더 주거나, 뚜렷하게 더 나은 모델을 학습해 주십시오.",
    ),
    "other_data": (
        "Give a dataset that neither was trained on, so that both can be scored on it.",
        "두 모델이 모두 학습하지 않은 데이터를 주시면 같은 행으로 평가하겠습니다.",
    ),
    "metric": (
        "Give a dataset that neither was trained on, or train with the champion's metric.",
        "두 모델이 학습하지 않은 데이터를 주거나, 챔피언과 같은 지표로 학습해 주십시오.",
    ),
    "segments": (
        "Train with more rows of that group, or insist if the group does not matter.",
        "그 집단의 행을 늘려 학습하거나, 중요하지 않은 집단이면 강제로 승격해 주십시오.",
    ),
}


def gate_name(gate: Gate, language: Language) -> str:
    """What the condition is called."""
    return _NAMES[gate.name][language == "ko"]


def gate_sentence(gate: Gate, language: Language) -> str:
    """What was found, with the gate's numbers."""
    en, ko = _FOUND[gate.name, gate.why]
    return say(language, en=en, ko=ko, **gate.facts)


def gate_template(gate: Gate) -> tuple[str, str]:
    """The sentence's English and Korean templates, for findings whose evidence are the gate's facts."""
    return _FOUND[gate.name, gate.why]


def gate_remedy(gate: Gate, language: Language) -> str:
    """What would make a gate that bars pass; "" for one that does not bar."""
    if gate.passed is not False:
        return ""
    return _REMEDIES.get(gate.why, _REMEDIES.get(gate.name, ("", "")))[language == "ko"]


def gate_mark(gate: Gate, language: Language) -> str:
    """Passed, failed or not measured, in a word."""
    words = {True: ("passed", "통과"), False: ("failed", "미달"), None: ("not measured", "측정 못 함")}
    return words[gate.passed][language == "ko"]


def gate_table(language: Language, decision: Decision) -> Table:
    """One row a gate."""
    korean, english = (
        ["조건", "결과", "내용", "통과하려면"],
        ["Condition", "Result", "Found", "What would make it pass"],
    )
    return Table(
        title=say(language, en="Conditions of promotion", ko="승격 조건"),
        columns=korean if language == "ko" else english,
        rows=[
            [
                gate_name(g, language),
                gate_mark(g, language),
                gate_sentence(g, language),
                gate_remedy(g, language),
            ]
            for g in decision.gates
        ],
    )
