"""Scored rows told in the language of the question: what was predicted, how right it is where that is known, what to mind."""

from pathlib import Path
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding, Kpi, Table

from .order import SavedFile, SavedTable
from .predicting import Predicted
from .scores import TITLES
from .scoring_order import ModelAnswer

SHOWN = 20


def tell_predictions(predicted: Predicted, folder: Path, language: Language) -> ModelAnswer:
    """The predictions as a dataset and a CSV file in `folder`, and what there is to say of them."""
    report, table, csv = predicted.report, folder / "scored.parquet", folder / "predictions.csv"
    predicted.frame.to_parquet(table, index=False)
    predicted.frame.to_csv(csv, index=False, encoding="utf-8-sig")
    return ModelAnswer(
        report=report,
        findings=prediction_findings(predicted, language),
        files=[SavedFile(csv, csv.name, "text/csv")],
        dataset=SavedTable(table, "predictions", predicted.columns, len(predicted.frame)),
        kpis=_kpis(report, language),
        tables=[_table(predicted, language)],
        warnings=_warnings(report, language),
    )


def prediction_findings(predicted: Predicted, language: Language) -> list[Finding]:
    """What was predicted, the interval, the score on known rows beside that of the validation, and notes on the rows."""
    report = predicted.report
    found = [_overall(report, language)]
    if report["interval"] is not None:
        found.append(_interval(report, language))
    if report["known"] is not None:
        found.append(_against_validation(report, language))
    return [*found, *predicted.notes]


def _warnings(report: dict[str, Any], language: Language) -> list[str]:
    """What to know before the predictions are used."""
    if not report["same_data"]:
        return []
    return [
        say(
            language,
            en="These are the rows that the model was trained on, so its predictions look better here than on new rows.",
            ko="모델을 학습한 데이터와 같은 데이터입니다. 새 데이터에서는 예측이 이보다 덜 정확합니다.",
        )
    ]


def _kpis(report: dict[str, Any], language: Language) -> list[Kpi]:
    """Rows scored, and the headline of the predictions."""
    rows = Kpi(
        label=say(language, en="Rows predicted", ko="예측한 행"),
        value=report["rows"],
        text=f"{report['rows']:,}",
    )
    positive, spread = report["positive_class"], report["predicted"]
    if positive is not None:
        share = spread[positive] / report["rows"]
        label = say(language, en="Predicted {label}", ko="예측된 {label}", label=positive)
        return [
            rows,
            Kpi(label=label, value=spread[positive], text=f"{spread[positive]:,}", note=f"{share:.1%}"),
        ]
    if report["task"] == "regression":
        label = say(language, en="Mean prediction", ko="예측값 평균")
        return [rows, Kpi(label=label, value=spread["mean"], text=f"{spread['mean']:,.2f}")]
    return [rows]


def _table(predicted: Predicted, language: Language) -> Table:
    """The rows most worth a look, the model's columns first."""
    made = predicted.report["columns"]
    rest = [name for name in predicted.frame.columns if name not in made]
    shown = predicted.frame.loc[predicted.ranking[:SHOWN], [*made, *rest]]
    positive = predicted.report["positive_class"]
    title = (
        say(language, en="Most likely {label}", ko="{label} 가능성이 큰 행", label=positive)
        if positive is not None
        else say(language, en="Highest predictions", ko="예측값이 큰 행")
        if predicted.report["task"] == "regression"
        else say(language, en="Surest predictions", ko="가장 확실한 예측")
    )
    rows = shown.astype(object).where(shown.notna(), None).to_numpy().tolist()
    cells = [[_cell(value) for value in row] for row in rows]
    return Table(title=title, columns=[str(name) for name in shown.columns], rows=cells)


def _cell(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value if value is None else _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


def _overall(report: dict[str, Any], language: Language) -> Finding:
    rows, spread, target = report["rows"], report["predicted"], report["target"]
    if report["task"] == "regression":
        return finding(
            language,
            en="'{target}' is predicted for {rows:,} rows: {mean:,.2f} on average, from {low:,.2f} to {high:,.2f}.",
            ko="{rows:,}개 행의 '{target}'(을/를) 예측했습니다: 평균 {mean:,.2f}, 최소 {low:,.2f}, 최대 {high:,.2f}.",
            importance=0.95,
            kind="prediction",
            target=target,
            rows=rows,
            mean=spread["mean"],
            low=spread["min"],
            high=spread["max"],
        )
    positive = report["positive_class"]
    label = positive if positive is not None else max(spread, key=lambda name: spread[name])
    facts = {
        "target": target,
        "rows": rows,
        "label": label,
        "count": spread[label],
        "share": spread[label] / rows,
    }
    en = "'{target}' is predicted for {rows:,} rows: '{label}' for {count:,} of them ({share:.1%})"
    ko = "{rows:,}개 행의 '{target}'(을/를) 예측했습니다: '{label}' {count:,}개({share:.1%})"
    if positive is not None:
        facts["threshold"] = report["threshold"]
        en += ", from a probability of {threshold:.2f} on"
        ko += ", 확률 {threshold:.2f} 이상 기준"
    return finding(language, en=f"{en}.", ko=f"{ko}.", importance=0.95, kind="prediction", **facts)


def _interval(report: dict[str, Any], language: Language) -> Finding:
    return finding(
        language,
        en="Each prediction has an interval of ±{half:,.2f} that holds the true value in {level:.0%} of cases like the "
        "{rows:,} held-out rows it was measured on.",
        ko="각 예측에는 ±{half:,.2f}의 구간이 있습니다. 검증용 {rows:,}개 행에서 측정했으며, "
        "비슷한 경우의 {level:.0%}에서 실제 값을 포함합니다.",
        importance=0.6,
        kind="interval",
        half=report["interval"]["half_width"],
        level=report["interval"]["level"],
        rows=report["interval"]["rows"],
    )


def _against_validation(report: dict[str, Any], language: Language) -> Finding:
    known, metric = report["known"], report["metric"]
    metric = metric if metric in known else "rmse" if report["task"] == "regression" else "accuracy"
    facts: dict[str, Any] = {
        "rows": known["rows"],
        "target": report["target"],
        "metric": TITLES[metric],
        "score": known[metric],
    }
    en = "'{target}' is known for {rows:,} of these rows: on them {metric} is {score:,.3f}"
    ko = "이 가운데 {rows:,}개 행은 실제 '{target}'(을/를) 알고 있어 확인했습니다: {metric} {score:,.3f}"
    if report["validation"] is not None and metric == report["metric"]:
        facts["validation"] = report["validation"]
        en += " (held-out rows of the training data: {validation:,.3f})"
        ko += "(학습 데이터의 검증용 행에서는 {validation:,.3f})"
    return finding(language, en=f"{en}.", ko=f"{ko}.", importance=0.85, kind="score", **facts)
