"""An analysis sorted for reporting: which output, table and chart belongs to which section.

Steps are told apart by the types of their outputs and by their stage, never by agent or skill, so that a step of an
agent nobody has heard of is reported like any other.
"""

from collections.abc import Mapping
from typing import Any

from mesh.analysis import Analysis, StepReport
from mesh.pages.cells import Naming
from mesh.pages.shapes import items, mapping, records
from mesh.results import Finding, Kpi, Output, Table

from .labels import Labels

_HOMES = {
    "answer": "answer",
    "quality_report": "quality",
    "eda_report": "trend",
    "model": "model",
    "forecast": "model",
    "model_explanation": "explanation",
    "load_report": "data",
    "cleaning_report": "quality",
    "validation_report": "quality",
    "constraints": "quality",
    "drift_report": "quality",
    "join_report": "data",
}
_STAGES = {
    "data_loading": "data",
    "quality_check": "quality",
    "eda_analysis": "trend",
    "model_training": "model",
    "model_explanation": "explanation",
    "question_answering": "answer",
}
_CHARTS = {
    "missing": "quality",
    "outliers": "quality",
    "line": "trend",
    "area": "trend",
    "calendar": "trend",
    "season": "trend",
    "candlestick": "trend",
    "slope": "trend",
    **dict.fromkeys(
        ("waterfall", "funnel", "sankey", "dumbbell", "lollipop", "dot", "map", "kpi"), "breakdowns"
    ),
    "bar": "breakdowns",
    "pareto": "breakdowns",
    "pie": "breakdowns",
    "treemap": "breakdowns",
    "scatter": "drivers",
    "box": "drivers",
    "violin": "drivers",
    "histogram": "drivers",
    "correlation": "drivers",
    "leaderboard": "model",
    "backtest": "model",
    "actual_vs_predicted": "model",
    "residuals": "model",
    "roc": "model",
    "precision_recall": "model",
    "confusion": "model",
    "calibration": "model",
    "forecast": "forecast",
    "importance": "explanation",
}
_PLACED = ("dataset", "chart", "answer", "quality_report", "eda_report", "model", "forecast", "load_report")
SHOWING = ("data", "quality", "explanation")
"""The sections that show every output of their steps, also those of types they do not know."""


class Material:
    """The parts of an analysis, asked for by what they are."""

    def __init__(self, analysis: Analysis, stills: Mapping[str, bytes] | None = None) -> None:
        """`stills` holds the charts' PNG pictures by their checksum."""
        self.analysis = analysis
        self.stills = stills or {}
        self.labels = Labels(analysis.language)
        columns = [
            column
            for output in self.outputs("dataset")
            if output.dataset is not None
            for column in output.dataset.columns
        ]
        self.naming = Naming(
            plain=frozenset(
                column.name for column in columns if column.semantic in ("identifier", "date", "geo")
            ),
            raw=frozenset(column.name for column in columns),
        )

    def outputs(self, kind: str) -> list[Output]:
        """Every output of a type, in the steps' order."""
        return [output for step in self.analysis.steps for output in step.outputs if output.type == kind]

    def data(self, kind: str) -> Mapping[str, Any]:
        """The data of the first output of a type that has any, or an empty mapping."""
        found = [output.data for output in self.outputs(kind) if output.data]
        if not found and kind == "model" and self.analysis.model is not None:
            return self.analysis.model.data or {}
        return found[0] if found else {}

    def steps(self, section: str) -> list[StepReport]:
        """The steps whose results a section is about, in order."""
        return [step for step in self.analysis.steps if self.home(step) == section]

    def home(self, step: StepReport) -> str:
        """The section of a step: by what it produced, and for one that failed by its stage."""
        types = {output.type for output in step.outputs}
        for kind, section in _HOMES.items():
            if kind in types:
                return section
        if step.status == "completed" and (types or step.tables or step.summary):
            return "charts" if types == {"chart"} else "others"
        return _STAGES.get(step.stage, "")

    def tables(self, section: str) -> list[Table]:
        """The tables of a section's steps."""
        return [table for step in self.steps(section) for table in step.tables]

    def kpis(self, section: str) -> list[Kpi]:
        """The headline numbers of a section's steps."""
        return [kpi for step in self.steps(section) for kpi in step.kpis]

    def charts(self, section: str) -> list[Output]:
        """The charts that belong into a section, in the order they were made."""
        made = self.outputs("chart") or self.analysis.charts
        return [chart for chart in made if chart_home(chart) == section]

    def chart_number(self, chart: Output) -> int:
        """The position of a chart among all charts, from 1: its anchor."""
        made = self.outputs("chart") or self.analysis.charts
        return next(index for index, other in enumerate(made, 1) if other is chart)

    def unplaced(self, step: StepReport) -> list[Output]:
        """The outputs of a step that no other section knows how to show."""
        return [output for output in step.outputs if output.type not in _PLACED]

    def failed(self, section: str) -> list[StepReport]:
        """The steps of a section that ended without a result."""
        return [
            step
            for step in self.analysis.steps
            if step.status != "completed" and _STAGES.get(step.stage) == section and not step.outputs
        ]

    def section_of(self, finding: Finding) -> str:
        """Where a finding's step is reported, or an empty string."""
        step = next((step for step in self.analysis.steps if step.id == finding.step), None)
        home = self.home(step) if step is not None else ""
        return "" if home == "charts" else home


def chart_home(chart: Output) -> str:
    """The section of a chart, by its kind and, where a kind serves several ends, by its axes."""
    data = chart.data or {}
    kind = str(data.get("kind", ""))
    if kind == "heatmap":
        return _heatmap_home(data)
    home = _CHARTS.get(kind, "others")
    if home == "breakdowns" and _x_axis(data).get("type") == "date":
        return "trend"
    return home


def _heatmap_home(data: Mapping[str, Any]) -> str:
    """Correlations have the same names on both sides, calendars a unit of time on one; other crossings are breakdowns."""
    traces = records(mapping(data.get("plotly")).get("data")) or [{}]
    across, down = (items(traces[0].get(side)) for side in ("x", "y"))
    if sorted(map(str, across)) == sorted(map(str, down)):
        return "drivers"
    calendar = {7, 12, 24, 31} & {len(across), len(down)} or _x_axis(data).get("type") == "date"
    return "trend" if calendar else "breakdowns"


def _x_axis(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(mapping(mapping(data.get("plotly")).get("layout")).get("xaxis"))
