"""Several files in one question, and a follow-up that changes a chart, through the whole mesh."""

from typing import Any

import pytest

from tests.flow.conftest import RunningMesh

pytestmark = pytest.mark.flow

MODELS = {"Swift": "Road", "Urban": "City", "Trail": "Mountain", "Metro": "City"}
SOLD = {"Swift": 70, "Urban": 50, "Trail": 60, "Metro": 45}


def write_bikes(mesh: RunningMesh) -> list[str]:
    """Daily sales by model, and the model's category in a file of its own: the best model is not in the best category."""
    sales = ["day,bike_model,quantity_sold"]
    for day in range(1, 29):
        sales += [f"2024-02-{day:02d},{model},{sold + day % 3}" for model, sold in SOLD.items()]
    (mesh.data_dir / "bike_sales.csv").write_text("\n".join(sales) + "\n")
    specs = ["bike_model,bike_category", *(f"{model},{category}" for model, category in MODELS.items())]
    (mesh.data_dir / "bike_specs.csv").write_text("\n".join(specs) + "\n")
    return ["bike_sales.csv", "bike_specs.csv"]


def of(analysis: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    outputs = [output for step in analysis["steps"] for output in step["outputs"]]
    return [output for output in outputs if output["type"] == type_]


@pytest.mark.parametrize(
    "question", ["Which bike category sold most?", "어느 카테고리가 가장 많이 팔렸나요?"]
)
def test_a_question_over_two_files_is_answered_from_both(mesh: RunningMesh, question: str) -> None:
    analysis = mesh.analyze(question, write_bikes(mesh))
    assert analysis["status"] == "completed", analysis
    assert "City" in analysis["summary"]
    assert len([step for step in analysis["steps"] if step["skill"] == "load_dataset"]) == 2
    lineage = mesh.http.get(f"{mesh.url()}{analysis['links']['lineage']}").json()
    names = {node.get("name") or node.get("label") for node in lineage["nodes"]}
    assert {"bike_sales.csv", "bike_specs.csv"} <= names


def test_a_follow_up_changes_the_chart_of_both_files(mesh: RunningMesh) -> None:
    first = mesh.analyze("Draw quantity sold by bike category as a bar chart", write_bikes(mesh))
    assert first["status"] == "completed", first
    (drawn,) = first["charts"]
    reply = mesh.http.post(
        f"{mesh.url()}{first['links']['messages']}", json={"query": "원형 차트로 바꿔줘"}, timeout=120
    )
    changed = reply.json()
    assert changed["status"] == "completed", changed
    assert [step["skill"] for step in changed["plan"]["steps"]] == ["draw_charts"]
    assert changed["plan"]["steps"][0]["goal"].startswith(
        "Draw quantity sold by bike category as a bar chart — "
    )
    (pie,) = changed["charts"]
    assert (drawn["data"]["kind"], pie["data"]["kind"]) == ("bar", "pie")
    assert pie["data"]["request"]["measures"] == drawn["data"]["request"]["measures"]


def test_files_without_a_common_key_are_asked_about(mesh: RunningMesh) -> None:
    (mesh.data_dir / "rooms.csv").write_text("room,seats\nA1,10\nB2,20\nC3,30\n")
    sources = [write_bikes(mesh)[0], "rooms.csv"]
    analysis = mesh.analyze("Which room sold most?", sources)
    assert analysis["status"] == "partial"
    errors = {step["skill"]: step["error"] for step in analysis["steps"] if step["error"]}
    assert "By which key" in errors["combine_datasets"]
    assert "rooms" in errors["combine_datasets"]
