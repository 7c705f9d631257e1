"""Constraints: what a table suggests, the programs and files made of it, and tables that break them in known ways."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.quality.constraints import constraints_from
from agents.quality.constraints_check import majority_of
from agents.quality.constraints_forms import form_of
from agents.quality.constraints_service import run_suggestion, run_validation
from agents.quality.constraints_story import findings_of, summary_of, tables_of
from agents.quality.validation_story import findings_of as violations_told
from agents.quality.validation_story import summary_of as verdict_told
from mesh.errors import BadInputError
from mesh.results import Column

SEMANTICS: dict[str, Any] = {
    "order_id": "identifier",
    "order_date": "date",
    "ship_date": "date",
    "city": "category",
    "country": "category",
    "quantity": "count",
    "unit_price": "intensive",
    "total": "measure",
    "age": "intensive",
    "email": "identifier",
    "note": "text",
    "member": "boolean",
}
CITIES = {"Seoul": "KR", "Busan": "KR", "Tokyo": "JP", "Osaka": "JP"}


def orders(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "order_id": [f"KR-{n:05d}" for n in range(rows)],
            "order_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), "D"),
            "city": rng.choice(list(CITIES), rows),
            "quantity": rng.integers(1, 20, rows),
            "unit_price": rng.integers(100, 9000, rows) / 100,
            "age": rng.integers(18, 90, rows).astype(float),
            "email": [f"user{n}@example.com" for n in range(rows)],
            "note": [f"free words {n}" for n in rng.integers(0, 10**9, rows)],
            "member": rng.random(rows) < 0.5,
        }
    )
    frame["ship_date"] = frame["order_date"] + pd.to_timedelta(rng.integers(0, 9, rows), "D")
    frame["country"] = frame["city"].map(CITIES)
    frame["total"] = frame["quantity"] * frame["unit_price"]
    frame.loc[rng.choice(rows, rows // 4, replace=False), "age"] = np.nan
    return frame


def stored(frame: pd.DataFrame, folder: Path, name: str = "data") -> tuple[Path, list[Column]]:
    path = folder / f"{name}.parquet"
    frame.to_parquet(path, index=False)
    return path, [Column(name=n, type="string", semantic=SEMANTICS.get(n, "unknown")) for n in frame.columns]


def suggested(frame: pd.DataFrame, folder: Path) -> dict[str, dict[str, Any]]:
    document = run_suggestion(*stored(frame, folder), "orders", folder, "en")
    json.dumps(document, allow_nan=False)
    return {entry["id"]: entry for entry in document["constraints"]}


def validated(frame: pd.DataFrame, rules: Any, folder: Path) -> dict[str, Any]:
    data = run_validation(*stored(frame, folder, "new"), rules, folder / "violations.parquet", "en")
    json.dumps(data, allow_nan=False)
    return data


def result(data: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(entry for entry in data["results"] if entry["id"] == rule)


def program(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("orders_constraints", folder / "constraints.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_rules_of_a_clean_table_are_found_with_their_evidence(tmp_path: Path) -> None:
    rules = suggested(orders(), tmp_path)

    assert rules["order_id.pattern"]["regex"] == r"^[A-Z]{2}\-[0-9]{5}$"
    assert rules["order_id.unique"]["held"] == 400
    assert rules["city.allowed"]["values"] == ["Busan", "Osaka", "Seoul", "Tokyo"]
    assert rules["age.range"] == rules["age.range"] | {"min": 0.0, "max": 120.0, "checked": 300, "held": 300}
    assert rules["quantity.range"] == rules["quantity.range"] | {"min": 0, "max": 21}
    assert rules["order_date+ship_date.order"]["held"] == 400
    assert rules["total+quantity+unit_price.arithmetic"]["operator"] == "×"
    assert rules["city+country.determines"]["severity"] == "error"
    assert {rule["severity"] for rule in rules.values()} == {"error"}
    assert "age.not_null" not in rules
    assert not {"country+city.determines", "note.allowed", "note.pattern", "unit_price.unique"} & set(rules)


def test_a_rule_that_nearly_all_rows_keep_is_a_warning(tmp_path: Path) -> None:
    frame = orders()
    frame["total"] = frame["total"].mask(frame.index == 3, 0.0)
    frame.loc[4, "email"] = "nobody"
    frame.loc[5:6, "city"] = "seoul"

    rules = suggested(frame, tmp_path)

    assert rules["total+quantity+unit_price.arithmetic"] == rules["total+quantity+unit_price.arithmetic"] | {
        "severity": "warning",
        "checked": 400,
        "held": 399,
    }
    assert rules["email.pattern"]["severity"] == "warning"
    assert rules["city.allowed"] == rules["city.allowed"] | {
        "severity": "warning",
        "values": ["Busan", "Osaka", "Seoul", "Tokyo"],
        "held": 398,
    }


def test_few_rows_suggest_types_alone(tmp_path: Path) -> None:
    assert {rule["kind"] for rule in suggested(orders(9), tmp_path).values()} == {"type"}


def test_no_allowed_values_are_suggested_where_new_ones_keep_coming(tmp_path: Path) -> None:
    names = [f"shop {n}" for n in range(30)] + ["shop 1"] * 370

    assert "city.allowed" not in suggested(pd.DataFrame({"city": names}), tmp_path)


def break_type(frame: pd.DataFrame) -> None:
    frame["quantity"] = frame["quantity"].astype(str)
    frame.loc[0, "quantity"] = "three"


def break_null(frame: pd.DataFrame) -> None:
    frame.loc[0, "city"] = None


def break_unique(frame: pd.DataFrame) -> None:
    frame.loc[0, "order_id"] = "KR-00001"


def break_range(frame: pd.DataFrame) -> None:
    frame.loc[0, "age"] = 121


def break_date(frame: pd.DataFrame) -> None:
    frame.loc[0, "order_date"] = pd.Timestamp("2019-12-31")


def break_allowed(frame: pd.DataFrame) -> None:
    frame.loc[frame["city"] == "Osaka", "city"] = "Kyoto"


def break_pattern(frame: pd.DataFrame) -> None:
    frame.loc[0, "order_id"] = "KR-123"


def break_order(frame: pd.DataFrame) -> None:
    frame.loc[0, "ship_date"] = pd.Timestamp("2023-12-31")


def break_arithmetic(frame: pd.DataFrame) -> None:
    frame["total"] = frame["total"].mask(frame.index == 0, frame["total"] * 1.1 + 9)


def break_determines(frame: pd.DataFrame) -> None:
    frame.loc[0, "country"] = "JP" if frame.loc[0, "country"] == "KR" else "KR"


def break_presence(frame: pd.DataFrame) -> None:
    del frame["city"]


BREAKS: list[tuple[str, Callable[[pd.DataFrame], None]]] = [
    ("quantity.type", break_type),
    ("city.not_null", break_null),
    ("order_id.unique", break_unique),
    ("age.range", break_range),
    ("order_date.range", break_date),
    ("city.allowed", break_allowed),
    ("order_id.pattern", break_pattern),
    ("order_date+ship_date.order", break_order),
    ("total+quantity+unit_price.arithmetic", break_arithmetic),
    ("city+country.determines", break_determines),
    ("city.type", break_presence),
]


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program and the documents of a clean table."""
    folder = tmp_path_factory.mktemp("learnt")
    suggested(orders(), folder)
    return folder


def test_the_program_and_the_documents_accept_the_table_they_were_learnt_from(
    learnt: Path, tmp_path: Path
) -> None:
    frame = orders()
    frame.to_csv(tmp_path / "orders.csv", index=False)
    rules = json.loads((learnt / "constraints.json").read_text())

    program(learnt).schema.validate(frame, lazy=True)
    assert program(learnt).main(str(tmp_path / "orders.csv")) == 0
    assert yaml.safe_load((learnt / "constraints.yaml").read_text()) == rules
    assert validated(frame, rules, tmp_path)["passed"]
    assert validated(frame, (learnt / "constraints.yaml").read_text(), tmp_path)["counts"]["passed"] == len(
        rules["constraints"]
    )


@pytest.mark.parametrize(("rule", "mutate"), BREAKS, ids=[rule for rule, _ in BREAKS])
def test_a_table_that_breaks_a_rule_is_refused_by_the_program_and_by_the_validation(
    learnt: Path, tmp_path: Path, rule: str, mutate: Callable[[pd.DataFrame], None]
) -> None:
    frame = orders()
    mutate(frame)
    rules = json.loads((learnt / "constraints.json").read_text())

    data = validated(frame, rules, tmp_path)
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        program(learnt).schema.validate(frame, lazy=True)

    assert result(data, rule)["status"] == "failed"
    assert not data["passed"]
    assert "not valid" in verdict_told(data, "en")
    assert "유효하지 않습니다" in verdict_told(data, "ko")
    if rule not in ("city.type", "quantity.type"):
        sentence = result(data, rule)["text"]
        said = refused.value.failure_cases
        hits = (
            said[said["check"].astype(str).str.contains(sentence, regex=False)]
            if rule != "city.not_null"
            else said
        )
        rows = sorted({int(row) + 1 for row in hits["index"]})
        listed = pd.read_parquet(tmp_path / "violations.parquet")
        assert sorted(listed.loc[listed["rule"] == rule, "row"]) == rows
        assert result(data, rule)["violations"] == len(rows)


def test_a_column_of_numbers_written_as_text_is_judged_by_what_can_be_read(
    learnt: Path, tmp_path: Path
) -> None:
    frame = orders()
    frame["quantity"] = frame["quantity"].astype(str)
    frame.loc[0, "quantity"], frame.loc[1, "quantity"] = "three", "900"

    data = validated(frame, json.loads((learnt / "constraints.json").read_text()), tmp_path)

    assert result(data, "quantity.type")["violations"] == 1
    assert result(data, "quantity.range")["examples"] == [{"row": 2, "values": {"quantity": "900"}}]


def test_absent_and_further_columns_are_told(learnt: Path, tmp_path: Path) -> None:
    frame = orders().rename(columns={"city": "town"})

    data = validated(frame, json.loads((learnt / "constraints.json").read_text()), tmp_path)

    assert result(data, "city.allowed")["status"] == "not_checked"
    texts = [item.text for item in violations_told(data, "en")]
    assert "Columns that must be there are missing: city." in texts
    assert "Columns that no rule speaks of: town." in texts


def test_hand_written_rules_are_enough(tmp_path: Path) -> None:
    rules = """
    - {kind: range, columns: [age], min: 30}
    - {kind: unique, columns: [city, country], severity: warning}
    - {kind: range, columns: [order_date], max: 2024-06-30}
    """
    frame = orders()

    data = validated(frame, rules, tmp_path)

    assert result(data, "age.range")["violations"] == int((frame["age"] < 30).sum())
    assert result(data, "order_date.range")["violations"] == int((frame["order_date"] > "2024-06-30").sum())
    assert result(data, "city+country.unique") == result(data, "city+country.unique") | {
        "status": "warned",
        "violations": len(frame) - 4,
    }


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"rules": []}, "no list called constraints"),
        ("{a: [", "neither JSON nor YAML"),
        ([{"kind": "colour", "columns": ["a"]}], "Rule 1 .* kind must be one of"),
        ([{"kind": "order", "columns": ["a"]}], "takes 2 column"),
        ([{"kind": "pattern", "columns": ["a"], "regex": "("}], "regex must be"),
        ([{"kind": "range", "columns": ["a"], "min": "low"}], "number or an ISO date"),
        ([{"kind": "type", "columns": ["a"], "type": "float"}], "type must be one of"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(tmp_path: Path, rules: Any, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        validated(orders(20), rules, tmp_path)


def test_forms_are_found_where_there_are_some() -> None:
    def form(*values: str) -> str | None:
        return form_of(pa.array(values))

    assert form("010-1234-5678", "010-99-5678") == r"^[0-9]{3}\-[0-9]+\-[0-9]{4}$"
    assert form("가나123", "다라456") == "^[가-힣]{2}[0-9]{3}$"
    assert form("Kim", "Lee") is None
    assert form("A-1", "1-A") is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_the_usual_value_of_a_group_is_pandas_mode(pairs: list[tuple[int, int]]) -> None:
    groups, values = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    frame = pd.DataFrame({"group": groups, "value": values})
    modes = frame.groupby("group")["value"].agg(lambda group: group.mode().iloc[0])

    assert majority_of(groups, values).tolist() == frame["group"].map(modes).tolist()


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_suggested_rules_hold_whatever_the_order_of_rows(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("order")
    shuffled = orders(60).sample(frac=1, random_state=seed % 2**32)

    assert suggested(shuffled, folder) == suggested(orders(60), folder)


def test_the_story_names_rules_and_evidence_in_both_languages(tmp_path: Path) -> None:
    document = run_suggestion(*stored(orders(), tmp_path), "orders", tmp_path, "en")

    assert "hold in every row" in summary_of(document, "en")
    assert "규칙" in summary_of(document, "ko")
    assert findings_of(document, "en")[0].text.startswith(
        "total = quantity × unit_price. It holds in 400 of 400 rows"
    )
    assert len(tables_of(document, "ko")[0].rows) == len(document["constraints"])
    assert constraints_from(document, "en")[0].text("ko") == "order_id 열이 있고 값의 자료형은 string입니다."
