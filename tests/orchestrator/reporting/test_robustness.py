"""Any JSON an agent may send is reported; none of it breaks the report."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mesh.results import Finding, Output, Table
from orchestrator.reporting.html import render_html
from orchestrator.reporting.markdown import render_markdown
from tests.orchestrator.reporting.building import analysis, step

TYPES = ("load_report", "quality_report", "eda_report", "model", "forecast", "chart", "answer", "novelty")
KEYS = st.sampled_from(
    [
        "source",
        "rows",
        "grain",
        "date_span",
        "columns",
        "score",
        "score_formula",
        "issues",
        "time",
        "measures",
        "breakdowns",
        "dimension",
        "measure",
        "drivers",
        "correlations",
        "group_tests",
        "name",
        "trend",
        "seasonality",
        "profile",
        "leaderboard",
        "model",
        "baseline",
        "best",
        "importance",
        "excluded",
        "points",
        "backtest",
        "metrics",
        "total",
        "total_lower_95",
        "total_upper_95",
        "coverage_80",
        "horizon",
        "aggregation",
        "plotly",
        "data",
        "layout",
        "xaxis",
        "table",
        "kind",
        "title",
        "subtitle",
        "alt",
        "images",
        "x",
        "y",
        "z",
        "text",
        "sql",
        "seed",
        "rows_train",
        "metric",
        "read",
        "dropped",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@example({"model": {"leaderboard": [{"baseline": True}]}}, [[]], {}, "model_training")
@given(
    st.dictionaries(st.sampled_from(TYPES), st.dictionaries(KEYS, JSON, max_size=8), max_size=4),
    st.lists(st.lists(JSON, max_size=3), max_size=3),
    st.dictionaries(KEYS, JSON, max_size=3),
    st.sampled_from(["data_loading", "quality_check", "eda_analysis", "model_training", "anything"]),
)
def test_any_data_is_reported(
    data: dict[str, dict[str, Any]], rows: list[list[Any]], evidence: dict[str, Any], stage: str
) -> None:
    outputs = [Output(name=kind, type=kind, data=value) for kind, value in data.items()]
    table = Table(title="Table", columns=["year", "share"], rows=rows)
    given_analysis = analysis(
        step("one", stage, summary="Done.", tables=[table], outputs=outputs),
        findings=[Finding(text="So.", evidence=evidence, step="one")],
    )
    assert render_html(given_analysis).rstrip().endswith("</html>")
    assert render_markdown(given_analysis).startswith("# Forecast the sales")
