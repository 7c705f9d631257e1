"""What goes where: by the types of outputs and the shapes of charts, never by who made them."""

from pathlib import Path

import pytest

import mesh.pages as pages
import orchestrator.reporting as reporting
from mesh.analysis import Analysis
from mesh.pages.blocks import Bullets, Fact, Facts, Fold, Grid, Section, Statements, Text, Tiles
from mesh.results import FileRef, Finding, Kpi, Output, Table
from orchestrator.reporting.document import report_of
from orchestrator.reporting.material import chart_home
from tests.orchestrator.reporting.building import (
    analysis,
    chart,
    dataset,
    forecast_analysis,
    forecast_steps,
    section,
    step,
)

CARDS = Path(__file__).parents[3] / "agent_cards"


def facts_in(anchor: str) -> dict[str, str]:
    """The facts of a section of the forecast's report, by label."""
    found = section(report_of(forecast_analysis()), anchor)
    assert found is not None
    return {
        fact.label: fact.value for block in found.blocks if isinstance(block, Facts) for fact in block.items
    }


def test_the_source_and_every_row_are_accounted_for() -> None:
    facts = facts_in("data")
    assert facts["Source"] == "sales.csv"
    assert facts["SHA-256"] == "abababababab"
    assert facts["Each row is"] == "date"
    assert facts["Time span"] == "2024-01-01 – 2024-04-29"
    assert [facts[f"Rows {what}"] for what in ("read", "repaired", "dropped")] == ["123", "2", "3"]


def test_the_backtest_and_the_interval_are_stated() -> None:
    facts = facts_in("model")
    assert facts["Chosen model"] == "Smoothing"
    assert facts["Inside the 95 % band"] == "94.3%"
    assert facts["WAPE"] == "3.7%"
    assert facts_in("forecast")["95 % interval"] == "4,400.1 – 4,700.2"


def test_tables_of_an_exploration_go_where_their_first_column_belongs() -> None:
    report = report_of(forecast_analysis())
    titles = {
        anchor: [block.title for block in found.blocks if isinstance(block, Grid)]
        for anchor in ("trend", "breakdowns", "drivers")
        if (found := section(report, anchor)) is not None
    }
    assert titles == {
        "trend": ["Revenue by year"],
        "breakdowns": ["Revenue by region"],
        "drivers": ["Comparisons"],
    }


@pytest.mark.parametrize(
    ("drawn", "home"),
    [
        (chart("missing", "a"), "quality"),
        (chart("line", "a"), "trend"),
        (chart("bar", "a"), "breakdowns"),
        (chart("bar", "a", xaxis={"type": "date"}), "trend"),
        (chart("scatter", "a"), "drivers"),
        (chart("confusion", "a"), "model"),
        (chart("forecast", "a"), "forecast"),
        (chart("importance", "a"), "explanation"),
        (chart("hologram", "a"), "others"),
        (
            chart("heatmap", "a", traces=[{"x": ["p", "q"], "y": ["q", "p"], "z": [[1, 0], [0, 1]]}]),
            "drivers",
        ),
        (chart("heatmap", "a", traces=[{"x": list("abcdefg"), "y": ["x", "y"]}]), "trend"),
        (chart("heatmap", "a", traces=[{"x": ["p", "q"], "y": ["x", "y", "z"]}]), "breakdowns"),
    ],
)
def test_a_chart_goes_where_its_kind_belongs(drawn: Output, home: str) -> None:
    assert chart_home(drawn) == home


def test_the_work_of_an_unknown_agent_is_reported() -> None:
    given = analysis(
        step(
            "sentiment",
            "never_heard_of",
            summary="Most reviews are kind.",
            kpis=[Kpi(label="Kind", value=0.81, text="81%")],
            tables=[Table(title="By product", columns=["product", "n"], rows=[["tea", 7]])],
            outputs=[
                Output(
                    name="essay",
                    type="essay",
                    title="Essay",
                    data={
                        "text": "First part.\n\nSecond part.",
                        "tone": "warm",
                        "scores": [{"word": "good", "weight": 0.4}],
                        "nested": {"depth": 2},
                    },
                )
            ],
        )
    )
    report = report_of(given)
    others = section(report, "others")
    assert others is not None
    assert Text("Most reviews are kind.") in others.blocks
    assert [block.title for block in others.blocks if isinstance(block, Grid)] == ["By product"]
    assert [Text("First part."), Text("Second part.")] == [
        block for block in others.blocks if isinstance(block, Text) and "part" in block.text
    ]
    fold = next(block for block in others.blocks if isinstance(block, Fold))
    assert [block.items[0] for block in fold.blocks if isinstance(block, Facts)] == [
        Fact("tone", "warm"),
        Fact("depth", "2"),
    ]
    headline = section(report, "headline")
    assert headline is not None
    assert isinstance(headline.blocks[0], Tiles)
    assert headline.blocks[0].items == (Fact("Kind", "81%"),)


def test_an_extra_output_of_a_known_step_is_not_lost() -> None:
    output = Output(name="advice", type="advice", data={"text": "Buy tea."})
    known = Output(name="answer", type="answer", data={"sql": "SELECT 1"})
    others = section(
        report_of(analysis(step("ask", "question_answering", outputs=[known, output]))), "others"
    )
    assert others is not None
    assert Text("Buy tea.") in others.blocks


def test_findings_lead_to_the_section_of_their_step() -> None:
    found = section(report_of(forecast_analysis()), "findings")
    assert found is not None
    statements = found.blocks[0]
    assert isinstance(statements, Statements)
    assert [(item.rank, item.source, item.link) for item in statements.items] == [
        (1, "Train", "#model"),
        (2, "Check", "#quality"),
    ]
    assert statements.items[1].evidence == (Fact("score", "97.25"),)


def test_a_finding_of_no_known_step_stands_by_itself() -> None:
    found = section(report_of(analysis(findings=[Finding(text="So it is.")])), "findings")
    assert found is not None
    statements = found.blocks[0]
    assert isinstance(statements, Statements)
    assert statements.items[0].link == statements.items[0].source == ""


def test_the_plan_is_listed_with_how_each_step_went() -> None:
    failed = step("check", "quality_check", status="failed", error="No answer.", attempts=3, seconds=None)
    found = section(report_of(analysis(failed)), "reproduce")
    assert found is not None
    plan = next(block for block in found.blocks if isinstance(block, Grid))
    assert [cell.text for cell in plan.rows[0].cells] == [
        "check",
        "check-agent",
        "Check",
        "–",
        "Failed: No answer.",
        "–",
        "no",
        "3",
    ]


def test_no_model_better_than_the_baseline_is_said_aloud() -> None:
    data = {"beats_baseline": False, "target": "revenue"}
    trained = step("train", "model_training", outputs=[Output(name="model", type="model", data=data)])
    found = section(report_of(analysis(trained)), "model")
    assert found is not None
    assert any(isinstance(block, Text) and "No model beat" in block.text for block in found.blocks)


def test_the_report_names_no_agent_and_no_skill() -> None:
    folder, shared = Path(reporting.__path__[0]), Path(pages.__path__[0])
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*folder.rglob("*.py"), *shared.rglob("*.py"), *(shared / "templates").iterdir()]
        if path.name not in ("notebook.py", "reports.py") and path.is_file()
    )
    for skill in (
        "load_dataset",
        "assess_quality",
        "explore_data",
        "train_model",
        "draw_charts",
        "answer_question",
    ):
        assert skill not in source
    for card in CARDS.glob("*.json"):
        assert f'"{card.stem}"' not in source or card.stem in ("quality",)


def test_data_without_an_issue_is_said_to_have_none() -> None:
    report = Output(name="quality_report", type="quality_report", data={"score": 100.0, "issues": []})
    found = section(report_of(analysis(step("check", "quality_check", outputs=[report]))), "quality")
    assert found is not None
    assert Text("No issue was found.") in found.blocks


def shown_in(told: Analysis, anchor: str) -> Section:
    """A section that is there."""
    found = section(report_of(told), anchor)
    assert found is not None
    return found


def test_outputs_that_come_with_quality_are_shown_with_it() -> None:
    errors = Output(
        name="cell_errors",
        type="cell_errors",
        title="Wrong cells",
        data={"examples": [{"row": 5, "column": "Age", "value": "Thirty"}]},
    )
    checked = step("check", "quality_check", outputs=[*forecast_steps()[1].outputs, errors])
    shown = shown_in(analysis(checked), "quality")
    assert "Thirty" in str(shown.blocks)
    assert "Wrong cells" in str(shown.blocks)
    assert "others" not in {item.id for item in report_of(analysis(checked)).sections}


@pytest.mark.parametrize("kind", ["drift_report", "constraints", "validation_report", "cleaning_report"])
def test_what_is_about_quality_is_reported_there_also_without_a_score(kind: str) -> None:
    table = Table(title="Found", columns=["column"], rows=[["price"]])
    looked = step("look", "x", outputs=[Output(name="o", type=kind, data={"n": 1})], tables=[table])
    assert "price" in str(shown_in(analysis(looked), "quality").blocks)


def test_a_change_that_is_explained_is_a_breakdown() -> None:
    table = Table(title="Price, volume and mix", columns=["effect", "change"], rows=[["volume", 12.5]])
    report = Output(name="r", type="eda_report", data={"change": {"before": 1}, "breakdowns": []})
    told = analysis(step("explain", "change_explanation", outputs=[report], tables=[table]))
    assert "Price, volume and mix" in str(shown_in(told, "breakdowns").blocks)


@pytest.mark.parametrize(
    ("part", "table"),
    [
        ("funnel", Table(title="Funnel", columns=["step", "people"], rows=[["visit", 100], ["buy", 30]])),
        ("cohorts", Table(title="Retention", columns=["cohort", "people"], rows=[["2024-01", 100]])),
    ],
)
def test_how_people_are_followed_is_a_breakdown(part: str, table: Table) -> None:
    report = Output(name="r", type="eda_report", data={part: {"people": 100}, "breakdowns": [], "time": None})
    told = analysis(step("follow", "cohort_analysis", outputs=[report], tables=[table]))
    assert table.title in str(shown_in(told, "breakdowns").blocks)


def test_an_exploration_that_explains_a_change_too_has_its_years_in_the_trend() -> None:
    years = Table(title="Revenue by year", columns=["year", "revenue"], rows=[[2023, 12.5], [2024, 13.5]])
    data = {"change": {"before": 1}, "time": {"measures": [{"name": "revenue"}]}, "breakdowns": []}
    report = Output(name="r", type="eda_report", data=data)
    told = analysis(step("explore", "eda_analysis", outputs=[report], tables=[years]))
    assert "Revenue by year" in str(shown_in(told, "trend").blocks)


def test_an_explanation_is_what_the_model_relies_on() -> None:
    table = Table(title="By shuffling", columns=["feature", "loss"], rows=[["tenure", 0.31]])
    given = [
        Output(name="e", type="model_explanation", title="Model card", data={"target": "churn"}),
        Output(name="p", type="page", title="Model card", file=FileRef(uri="mesh://card", name="card.html")),
    ]
    explained = step(
        "explain",
        "model_explanation",
        summary="Tenure matters most.",
        kpis=[Kpi(label="Columns that matter", value=3, text="3")],
        tables=[table],
        outputs=given,
    )
    told = analysis(explained, findings=[Finding(text="Tenure matters.", step="explain")])
    shown = str(shown_in(told, "explanation").blocks)
    assert all(
        part in shown for part in ("Tenure matters most.", "By shuffling", "tenure", "card.html", "churn")
    )
    assert "Columns that matter" in str(shown_in(told, "headline").blocks)
    assert "'#explanation'" in str(shown_in(told, "findings").blocks)
    assert "others" not in {item.id for item in report_of(told).sections}


def test_an_explanation_that_failed_is_named_where_it_would_have_been() -> None:
    failed = step("explain", "model_explanation", status="failed", error="There is no model.")
    assert "There is no model." in str(shown_in(analysis(failed), "explanation").blocks)


def test_long_lists_are_shown_by_their_beginning_however_deep_they_lie() -> None:
    deep = {"a": {"b": {"c": {"d": list(range(100, 200))}}}, "flat": list(range(300, 312))}
    blocks = str(
        shown_in(analysis(step("x", "x", outputs=[Output(name="o", type="t", data=deep)])), "others").blocks
    )
    assert "d: 100, 101, " in blocks
    assert "111, …" in blocks
    assert "112" not in blocks
    assert "310, 311'" in blocks


def test_code_that_an_agent_wrote_is_shown_as_code() -> None:
    output = Output(name="c", type="code_result", data={"code": "import math\nprint(math.pi)"})
    blocks = str(shown_in(analysis(step("run", "code_run", outputs=[output])), "others").blocks)
    assert "Code(text='import math\\nprint(math.pi)'" in blocks


def test_a_reason_that_the_answer_gives_is_not_a_warning_too() -> None:
    failed = step("train", "model_training", status="failed", error="There are no dates.")
    told = analysis(
        failed,
        status="failed",
        summary="The question could not be answered. There are no dates.",
        warnings=["“Train” gave no result: There are no dates.", "Another."],
    )
    blocks = shown_in(told, "answer").blocks
    assert [block.items for block in blocks if isinstance(block, Bullets)] == [("Another.",)]


def test_a_partial_answer_names_what_is_missing() -> None:
    failed = step("train", "model_training", status="failed", error="No.")
    told = analysis(*forecast_steps()[:2], failed, status="partial", summary="Some.")
    first = shown_in(told, "answer").blocks[0]
    assert isinstance(first, Text)
    assert "Train" in first.text


def test_shares_that_fall_have_their_running_total_beside_them() -> None:
    rows = [["Seoul", 50, 0.5], ["Busan", 30, 0.3], ["Jeju", 20, 0.2]]
    table = Table(title="By city", columns=["city", "revenue", "share"], rows=rows)
    report = Output(
        name="r", type="eda_report", data={"breakdowns": [{"dimension": "city", "measure": "revenue"}]}
    )
    told = analysis(step("explore", "eda_analysis", outputs=[report], tables=[table]))
    (grid,) = [block for block in shown_in(told, "breakdowns").blocks if isinstance(block, Grid)]
    assert grid.columns == ("city", "revenue", "share", "cumulative share")
    assert [row.cells[3].text for row in grid.rows] == ["50.0%", "80.0%", "100.0%"]
    upside_down = table.model_copy(update={"rows": rows[::-1]})
    told = analysis(step("explore", "eda_analysis", outputs=[report], tables=[upside_down]))
    (grid,) = [block for block in shown_in(told, "breakdowns").blocks if isinstance(block, Grid)]
    assert grid.columns == ("city", "revenue", "share")


def test_the_query_a_step_ran_is_among_what_is_needed_to_do_it_again() -> None:
    output = Output(name="a", type="answer", data={"sql": "SELECT 41 + 1"})
    told = analysis(step("ask", "question_answering", outputs=[output]))
    assert "SELECT 41 + 1" in str(shown_in(told, "reproduce").blocks)


def test_every_source_is_accounted_for() -> None:
    loads = []
    for name, rows in (("orders.csv", 120), ("customers.csv", 80)):
        account = {"read": rows, "repaired": 0, "padded": 0, "dropped": 0}
        report = Output(name="r", type="load_report", data={"source": {"name": name}, "rows": account})
        loads.append(step(f"load-{name}", "data_loading", outputs=[dataset(name.partition(".")[0]), report]))
    told = analysis(*loads)
    facts = [block for block in shown_in(told, "data").blocks if isinstance(block, Facts)]
    assert [block.title for block in facts] == ["orders.csv", "customers.csv"]
    assert [block.items[-1].value for block in facts] == ["120", "80"]
    assert report_of(told).byline[0].value == "orders.csv, customers.csv"
