"""Small analyses of every kind, built in code."""

from datetime import UTC, datetime
from typing import Any

from mesh.analysis import Analysis, Plan, PlanStep, StepReport
from mesh.language import Language
from mesh.pages.blocks import Document, Section
from mesh.results import Column, DatasetRef, FileRef, Finding, Kpi, Output, Table

SHA = "ab" * 32
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def step(name: str, stage: str, **values: Any) -> StepReport:
    """A step, completed unless said otherwise."""
    given: dict[str, Any] = {
        "id": name,
        "skill": name,
        "skill_name": name.title(),
        "agent": f"{name}-agent",
        "stage": stage,
        "status": "completed",
        "attempts": 1,
        "seconds": 1.5,
    }
    return StepReport(**(given | values))


def analysis(*steps: StepReport, language: Language = "en", **values: Any) -> Analysis:
    """An analysis of these steps, with their charts, model and datasets as the orchestrator collects them."""
    outputs = [output for item in steps for output in item.outputs]
    plan = Plan(
        goal="goal",
        language=language,
        planner="built-in",
        steps=[PlanStep(id=item.id, skill=item.skill, agent=item.agent, stage=item.stage) for item in steps],
    )
    given: dict[str, Any] = {
        "id": "an-1",
        "status": "completed",
        "query": "매출을 예측해 주세요" if language == "ko" else "Forecast the sales",
        "language": language,
        "planner": "built-in",
        "session_id": "se-1",
        "steps": list(steps),
        "plan": plan,
        "charts": [output for output in outputs if output.type == "chart"],
        "model": next((output for output in outputs if output.type == "model"), None),
        "datasets": [output for output in outputs if output.dataset],
        "links": {
            "report": "/analyses/an-1/report",
            "notebook": "/analyses/an-1/report?format=ipynb",
            "lineage": "/analyses/an-1/lineage",
        },
        "timing": {"total_s": 12.0},
        "created_at": START,
        "finished_at": START,
    }
    return Analysis(**(given | values))


def dataset(name: str = "sales", *columns: Column) -> Output:
    """A dataset of 120 rows."""
    shown = columns or (
        Column(name="date", type="date", semantic="date"),
        Column(name="revenue", type="number", semantic="measure"),
        Column(name="growth", type="number", semantic="intensive"),
    )
    reference = DatasetRef(
        id="ds-1",
        name=name,
        uri=f"mesh://objects/{SHA}",
        columns=list(shown),
        rows=120,
        bytes=4321,
        sha256=SHA,
    )
    return Output(name="dataset", type="dataset", title=name, dataset=reference)


def chart(kind: str, title: str, *, traces: list[dict[str, Any]] | None = None, **layout: Any) -> Output:
    """A chart of two points with its table and picture."""
    data = {
        "kind": kind,
        "title": title,
        "subtitle": "By month",
        "alt": f"Alt text of {title}",
        "plotly": {
            "data": traces or [{"type": "bar", "x": ["a", "b"], "y": [1, 2]}],
            "layout": {"title": {"text": title}, "showlegend": False, **layout},
        },
        "table": {"columns": ["name", "value"], "rows": [["a", 1], ["b", 2]]},
    }
    picture = FileRef(
        name="chart.png", media_type="image/png", uri=f"mesh://objects/{SHA}", bytes=9, sha256=SHA
    )
    return Output(name=title, type="chart", title=title, data=data, files=[picture])


def forecast_steps() -> list[StepReport]:
    """Loading, quality, exploration, training and drawing, with known numbers."""
    report = {
        "source": {"name": "sales.csv", "bytes": 9876, "format": "delimited text", "encoding": "utf-8"},
        "rows": {"read": 123, "loaded": 120, "repaired": 2, "padded": 0, "dropped": 3},
        "grain": {"columns": ["date"], "exact": True},
        "date_span": {"start": "2024-01-01", "end": "2024-04-29", "column": "date"},
    }
    board = [
        {"rank": 1, "model": "ets", "mase": 0.612, "baseline": False},
        {"rank": 2, "model": "naive", "mase": 1.034, "baseline": True},
    ]
    trained = {
        "task": "forecast",
        "target": "revenue",
        "metric": "mase",
        "engine": "statsmodels",
        "split": "time",
        "rows_train": 120,
        "rows_test": 30,
        "seed": 7,
        "leaderboard": board,
        "best": {"model": "ets", "mase": 0.612},
        "baseline": {"model": "naive", "mase": 1.034},
        "beats_baseline": True,
        "importance": [{"feature": "weekday", "importance": 0.7}, {"feature": "trend", "importance": 0.3}],
    }
    forecast = {
        "target": "revenue",
        "horizon": 14,
        "frequency": "D",
        "aggregation": "sum",
        "total": 4567.8,
        "total_lower_95": 4400.1,
        "total_upper_95": 4700.2,
        "points": [],
        "backtest": {
            "method": "rolling origin",
            "folds": 5,
            "coverage_95": 0.943,
            "metrics": {"wape": 0.0371},
        },
    }
    breakdown = {"dimension": "region", "measure": "revenue", "aggregation": "sum", "rows": []}
    return [
        step(
            "load",
            "data_loading",
            summary="Loaded all 120 rows.",
            outputs=[dataset(), Output(name="load_report", type="load_report", data=report)],
        ),
        step(
            "check",
            "quality_check",
            summary="The quality score is 97.25 of 100.",
            kpis=[Kpi(label="Quality score", value=97.25, text="97.25")],
            tables=[Table(title="Issues", columns=["Severity", "Count"], rows=[["low", 41]])],
            outputs=[
                Output(
                    name="quality_report",
                    type="quality_report",
                    data={"score": 97.25, "score_formula": "100 × 0.9725", "issues": []},
                )
            ],
        ),
        step(
            "explore",
            "eda_analysis",
            tables=[
                Table(
                    title="Revenue by region",
                    columns=["region", "revenue", "share"],
                    rows=[["Seoul", 5432, 0.438]],
                ),
                Table(
                    title="Revenue by year", columns=["year", "revenue"], rows=[[2023, 1200], [2024, 1500]]
                ),
                Table(title="Comparisons", columns=["group", "p"], rows=[["region", 0.00002]]),
            ],
            outputs=[
                Output(name="eda_report", type="eda_report", data={"time": None, "breakdowns": [breakdown]})
            ],
        ),
        step(
            "train",
            "model_training",
            kpis=[Kpi(label="Forecast", value=4567.8, text="4,568")],
            tables=[
                Table(
                    title="Leaderboard",
                    columns=["Rank", "Model", "MASE", "Baseline"],
                    rows=[[1, "Smoothing", 0.612, False], [2, "Last value", 1.034, True]],
                )
            ],
            outputs=[
                Output(name="model", type="model", data=trained),
                Output(name="forecast", type="forecast", data=forecast),
            ],
        ),
        step(
            "draw",
            "visualization",
            outputs=[
                chart("forecast", "Forecast with bands"),
                chart("line", "Revenue over time"),
                chart("bar", "Revenue by region, drawn"),
                chart("leaderboard", "Models compared"),
                chart("importance", "What matters"),
                chart("sunburst-of-tomorrow", "A new kind"),
            ],
        ),
    ]


def forecast_analysis(language: Language = "en", **values: Any) -> Analysis:
    """The complete analysis of a forecast."""
    text = (
        "앞으로 14일의 합계는 4,568로 예측됩니다. MASE는 0.612입니다."
        if language == "ko"
        else "The next 14 days add up to 4,568. The error (MASE) is 0.612."
    )
    findings = [
        Finding(
            text="Quality is 97.25.", evidence={"score": 97.25}, importance=0.2, kind="quality", step="check"
        ),
        Finding(
            text=text, evidence={"total": 4567.8, "days": 14}, importance=0.9, kind="forecast", step="train"
        ),
    ]
    given: dict[str, Any] = {"summary": text, "findings": findings, "warnings": ["Only 120 rows were there."]}
    return analysis(*forecast_steps(), language=language, **(given | values))


def section(report: Document, anchor: str) -> Section | None:
    """The section with an anchor, if the report has it."""
    return next((item for item in report.sections if item.id == anchor), None)
