"""An explanation as a model card: what the model is for, findings, charts with their tables; as HTML and as Markdown."""

from collections.abc import Sequence
from typing import Any

from mesh.language import Language
from mesh.pages.blocks import (
    Block,
    Document,
    Fact,
    Facts,
    Picture,
    Section,
    Text,
    Tiles,
)
from mesh.pages.cells import grid_of
from mesh.pages.findings import statements_of
from mesh.pages.labels import Labels
from mesh.pages.page import render_page
from mesh.results import Finding, Kpi, Table

from .explanation_figures import (
    cost_figure,
    dependence_figure,
    effects_figure,
    importance_figure,
    reliability_figure,
    row_figure,
)
from .explanation_words import unit
from .model_names import display_name

ROW_PX, FRAME_PX = 30, 110
WORDS = {
    "eyebrow": ("Model card", "모델 카드"),
    "findings": ("Findings", "발견"),
    "model": ("The model", "모델"),
    "importance": ("What the model goes by", "모델이 의존하는 변수"),
    "effects": ("Effects on single predictions", "예측별 변수의 영향"),
    "dependence": ("How predictions change", "변수에 따른 예측의 변화"),
    "segments": ("Where it errs", "오류가 많은 구간"),
    "calibration": ("Whether its probabilities hold", "예측 확률의 신뢰도"),
    "thresholds": ("From which probability on to act", "조치할 확률 기준"),
    "fairness": ("Groups compared", "집단 비교"),
    "row": ("One prediction", "한 행의 예측"),
    "target": ("Predicts", "예측 대상"),
    "task": ("Task", "작업"),
    "task.classification": ("classification", "분류"),
    "task.regression": ("regression", "회귀"),
    "engine": ("Trained with", "학습 도구"),
    "algorithm": ("Algorithm", "알고리즘"),
    "dataset": ("Training data", "학습 데이터"),
    "held_out": ("Held-out rows", "검증용 행"),
    "threshold": ("Threshold", "임계값"),
    "classes": ("Classes", "클래스"),
    "limits": ("Limits", "한계"),
    "low": ("low", "낮음"),
    "high": ("high", "높음"),
    "given": ("predicted", "예측 확률"),
    "happened": ("observed", "실제 비율"),
    "no_segments": (
        "No kind of rows among those tried has clearly more errors.",
        "살펴본 구간 가운데 오류가 뚜렷이 많은 곳이 없습니다.",
    ),
    "limit.correlated": (
        "Columns that go together share their importance: shuffling one of them leaves the other to tell.",
        "서로 관련이 큰 변수는 중요도를 나눠 가집니다. 하나를 뒤섞어도 다른 변수가 정보를 전하기 때문입니다.",
    ),
    "limit.causal": (
        "Everything here tells what the model does, not what would happen if someone changed a column in the world.",
        "여기의 결과는 모델의 작동을 설명할 뿐, 현실에서 변수를 바꾸면 어떻게 되는지를 뜻하지 않습니다.",
    ),
    "limit.holdout": (
        "All of it is measured on the rows held out from training; rows unlike them can behave differently.",
        "모든 값은 학습에 쓰지 않은 검증용 행에서 쟀으며, 이와 다른 데이터에서는 다를 수 있습니다.",
    ),
}  # fmt: skip


def explanation_page(
    report: dict[str, Any],
    findings: Sequence[Finding],
    kpis: Sequence[Kpi],
    tables: dict[str, Table],
    notes: Sequence[str],
    language: Language,
) -> str:
    """The self-contained HTML page."""
    labels = Labels(language, WORDS)
    tiles = Tiles(tuple(Fact(kpi.label, kpi.text, kpi.note) for kpi in kpis))
    sections = [
        Section(
            "findings",
            labels("findings"),
            (tiles, statements_of(findings, labels), *(Text(note, "note") for note in notes)),
        ),
        *_sections(report, tables, labels),
        Section("model", labels("model"), (Facts(tuple(_facts(report, labels))),)),
        Section(
            "limits", labels("limits"), tuple(Text(labels(key)) for key in WORDS if key.startswith("limit."))
        ),
    ]
    document = Document(
        title=report["target"],
        language=language,
        eyebrow=labels("eyebrow"),
        byline=tuple(_facts(report, labels)[:2]),
        sections=tuple(sections),
        generator="a2a-mesh",
    )
    return render_page(document, labels)


def explanation_markdown(
    report: dict[str, Any],
    findings: Sequence[Finding],
    tables: dict[str, Table],
    notes: Sequence[str],
    language: Language,
) -> str:
    """The same as Markdown, with tables for charts."""
    labels = Labels(language, WORDS)
    lines = [f"# {labels('eyebrow')}: {report['target']}", ""]
    lines += [f"- {fact.label}: {fact.value}" for fact in _facts(report, labels)]
    lines += [
        "",
        f"## {labels('findings')}",
        "",
        *(f"{n}. {found.text}" for n, found in enumerate(findings, 1)),
    ]
    lines += ["", *(f"> {note}" for note in notes)]
    for name, table in tables.items():
        grid = grid_of(table, labels)
        lines += ["", f"## {labels(name)}", "", _line(grid.columns), _line(["---"] * len(grid.columns))]
        lines += [_line([cell.text for cell in row.cells]) for row in grid.rows]
        lines += ["", table.note] if table.note else []
    lines += [
        "",
        f"## {labels('limits')}",
        "",
        *(f"- {labels(key)}" for key in WORDS if key.startswith("limit.")),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _facts(report: dict[str, Any], labels: Labels) -> list[Fact]:
    facts = [
        Fact(labels("target"), report["target"]),
        Fact(labels("task"), labels.word("task", report["task"])),
        Fact(labels("engine"), report["engine"]),
        Fact(labels("algorithm"), display_name(report["algorithm"], labels.language)),
        Fact(labels("held_out"), f"{report['rows']:,}"),
    ]
    if report["score"] is not None:
        facts.append(Fact(report["metric"].upper(), f"{report['score']:,.4g}"))
    if report["classes"]:
        facts.append(Fact(labels("classes"), ", ".join(report["classes"])))
    if report["threshold"] is not None:
        facts.append(Fact(labels("threshold"), f"{report['threshold']:.4g}"))
    if report["dataset"] is not None:
        facts.append(Fact(labels("dataset"), report["dataset"]["name"], report["dataset"]["id"]))
    return facts


def _sections(report: dict[str, Any], tables: dict[str, Table], labels: Labels) -> list[Section]:
    """A section for each part that there is something to show of, what was asked for first."""
    made: list[tuple[str, list[Block]]] = []
    if report["row"] is not None:
        made.append(
            ("row", [_picture("row", row_figure(report["row"]), tables, labels, len(tables["row"].rows))])
        )
    if report["thresholds"] is not None:
        made.append(
            ("thresholds", [_picture("thresholds", cost_figure(report["thresholds"]), tables, labels)])
        )
    if "fairness" in tables:
        made.append(("fairness", [grid_of(tables["fairness"], labels)]))
    bars = len(report["importance"]["features"])
    made.append(("importance", [_picture("importance", importance_figure(report), tables, labels, bars)]))
    effects = effects_figure(report, labels("low"), labels("high"))
    dots = len(report["shapley"]["points"])
    made.append(
        (
            "effects",
            [_picture("effects", effects, tables, labels, dots, subtitle=unit(report, labels.language))],
        )
    )
    curves: list[Block] = [
        _picture(
            f"dependence-{number}",
            dependence_figure(curve, share=report["output_class"] is not None),
            tables,
            labels,
            title=curve["feature"],
            subtitle=unit(report, labels.language),
        )
        for number, curve in enumerate(report["dependence"], start=1)
    ]
    made.append(("dependence", curves))
    weak = grid_of(tables["segments"], labels) if "segments" in tables else Text(labels("no_segments"))
    made.append(("segments", [weak]))
    if report["calibration"] is not None:
        figure = reliability_figure(report["calibration"], labels("given"), labels("happened"))
        made.append(("calibration", [_picture("calibration", figure, tables, labels)]))
    return [Section(name, labels(name), tuple(blocks)) for name, blocks in made if blocks]


def _picture(
    name: str,
    figure: dict[str, Any],
    tables: dict[str, Table],
    labels: Labels,
    bars: int = 0,
    *,
    title: str = "",
    subtitle: str = "",
) -> Picture:
    table = tables.get(name)
    called = title or (table.title if table is not None else labels(name))
    return Picture(
        id=f"chart-{name}",
        title=called,
        subtitle=subtitle,
        alt=f"{called}. {subtitle}",
        figure=figure,
        table=grid_of(table, labels) if table is not None else None,
        note=table.note if table is not None else "",
        height_px=max(220, min(560, FRAME_PX + ROW_PX * bars)) if bars else 360,
    )
