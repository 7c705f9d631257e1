import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from mesh.errors import BadInputError, ForbiddenError, UnavailableError
from mesh.scoring.description import ModelDescription, describe
from mesh.scoring.feature import MISSING, RARE, Feature
from mesh.scoring.features import derive
from mesh.scoring.rows import check_rows
from mesh.scoring.scorer import open_scorer
from mesh.scoring.seal import checksum, seal_of

TOKEN = "the mesh's token"


def saved(model: Any, path: Path) -> list[dict[str, str]]:
    """The model's file, and what the description says of it."""
    path.write_bytes(pickle.dumps(model))
    sha256 = checksum(path)
    return [{"name": path.name, "sha256": sha256, "seal": seal_of(sha256, TOKEN)}]


def line(path: Path) -> dict[str, Any]:
    """A regression y = 3 + 2 x, its hold-out errors 0.1 to 2.0."""
    model = LinearRegression().fit(pd.DataFrame({"x": [0.0, 1.0]}), [3.0, 5.0])
    return {
        "task": "regression",
        "target": "y",
        "engine": "scikit-learn",
        "metric": "rmse",
        "best": {"model": "linear", "rmse": 1.2},
        "inputs": [{"name": "x", "source": "x", "type": "number"}],
        "holdout": {"actual_vs_predicted": [[0.1 * i, 0.0] for i in range(1, 21)]},
        "files": saved(model, path),
    }


def shop(path: Path, **changes: Any) -> dict[str, Any]:
    """A classification of orders by shop, size and month."""
    frame = pd.DataFrame(
        {"size": [1.0, 2.0, 8.0, 9.0] * 5, "shop": ["A", "B"] * 10, "day_month": [1.0, 2.0] * 10}
    )
    encode = ColumnTransformer(
        [("shop", OneHotEncoder(handle_unknown="ignore"), ["shop"])], remainder="passthrough"
    )
    model = make_pipeline(encode, LogisticRegression()).fit(frame, [0, 0, 1, 1] * 5)
    return {
        "task": "classification",
        "target": "late",
        "engine": "scikit-learn",
        "metric": "auc",
        "best": {"model": "logistic", "auc": 0.9},
        "classes": ["No", "Yes"],
        "threshold": 0.3,
        "inputs": [
            {"name": "size", "source": "size", "type": "number"},
            {"name": "shop", "source": "shop", "type": "category", "levels": ["A", "B"]},
            {"name": "day_month", "source": "day", "type": "number", "part": "month"},
        ],
        "files": saved(model, path),
    } | changes


ORDERS = pd.DataFrame(
    {"day": ["2024-01-05", "2024-02-01"], "shop": ["A", "B"], "size": [1, 9], "late": ["No", "No"]}
)


def test_a_regression_scores_with_its_interval(tmp_path: Path) -> None:
    description = describe(line(tmp_path / "model.pkl"))
    rows = check_rows(description, pd.DataFrame({"x": [1, 10]}, index=[7, 3]))
    with open_scorer(description, [tmp_path / "model.pkl"], token=TOKEN) as scorer:
        scored = scorer.score(rows.frame)
    assert scored.index.tolist() == [7, 3]
    assert scored["predicted"].tolist() == pytest.approx([5, 23])
    # The ⌈21 · 0.9⌉ = 19th smallest of the errors 0.1 … 2.0.
    assert (scored["upper"] - scored["predicted"]).tolist() == pytest.approx([1.9, 1.9])
    assert (scored["predicted"] - scored["lower"]).tolist() == pytest.approx([1.9, 1.9])


def test_a_classification_scores_each_class_and_decides_by_its_threshold(tmp_path: Path) -> None:
    description = describe(shop(tmp_path / "model.pkl"))
    rows = check_rows(description, ORDERS)
    with open_scorer(description, [tmp_path / "model.pkl"], token=TOKEN) as scorer:
        scored = scorer.score(rows.frame)
    assert list(scored.columns) == ["predicted", "probability_No", "probability_Yes"]
    assert scored[["probability_No", "probability_Yes"]].sum(axis=1).tolist() == pytest.approx([1, 1])
    positive = scored["probability_Yes"] >= 0.3
    assert scored["predicted"].tolist() == np.where(positive, "Yes", "No").tolist() == ["No", "Yes"]
    assert description.positive_class == "Yes"
    assert description.columns == ("size", "shop", "day")


def test_a_file_that_is_not_the_meshs_own_is_never_opened(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "exploded",))

    path = tmp_path / "model.pkl"
    model = line(path)
    path.write_bytes(pickle.dumps(Bomb()))
    stranger = {
        "name": "model.pkl",
        "sha256": checksum(path),
        "seal": seal_of(checksum(path), "another token"),
    }
    for files in (model["files"], [stranger], []):
        description = describe(model | {"files": files})
        with (
            pytest.raises(ForbiddenError, match="not made by this mesh"),
            open_scorer(description, [path], token=TOKEN),
        ):
            pass
    with (
        pytest.raises(ForbiddenError, match="without its file"),
        open_scorer(describe(model), [], token=TOKEN),
    ):
        pass
    assert not (tmp_path / "exploded").exists()


def test_a_model_of_h2o_says_that_it_needs_a_cluster(tmp_path: Path) -> None:
    description = describe(line(tmp_path / "model.bin") | {"engine": "h2o"})
    with (
        pytest.raises(UnavailableError, match="needs a running H2O cluster"),
        open_scorer(description, [tmp_path / "model.bin"], token=TOKEN),
    ):
        pass


def test_one_message_names_everything_that_is_wrong_with_the_rows(tmp_path: Path) -> None:
    description = describe(shop(tmp_path / "model.pkl"))
    with pytest.raises(BadInputError) as error:
        check_rows(
            description, pd.DataFrame({"size": ["1", "many"], "day": ["soon", None], "Shop": ["A", "B"]})
        )
    assert "lack columns that the model was trained with: 'shop'" in error.value.message
    assert "They have: 'size', 'day', 'Shop'" in error.value.message
    assert "'size' must hold a number, but 1 of its values do not, such as 'many'" in error.value.message
    assert "'day' must hold a date, but 1 of its values do not, such as 'soon'" in error.value.message
    with pytest.raises(BadInputError, match="예측할 행이 없습니다"):
        check_rows(description, ORDERS.iloc[:0], "ko")


def test_new_categories_and_missing_values_are_scored_and_said(tmp_path: Path) -> None:
    description = describe(shop(tmp_path / "model.pkl"))
    table = pd.DataFrame({"day": ["2024-01-05", None, None], "shop": ["A", "Z", None], "size": [1, 9, 2]})
    rows = check_rows(description, table)
    assert rows.frame["shop"].tolist() == ["A", RARE, RARE]
    unseen, missing = rows.notes
    assert unseen.evidence == {"column": "shop", "rows": 1, "values": "'Z'"}
    assert missing.text == "Values are missing in 2 of the model's columns, mostly in: 'day' (2), 'shop' (1)."
    assert [note.kind for note in check_rows(description, table, "ko").notes] == ["unseen", "missing"]


def test_what_cannot_score_rows_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="continues the series"):
        describe({"task": "forecast"})
    with pytest.raises(BadInputError, match="train it again"):
        describe({"task": "regression", "features": ["x"]})
    with pytest.raises(BadInputError, match=r"features\.0\.type"):
        describe(line(tmp_path / "m") | {"inputs": [{"name": "x", "source": "x", "type": "colour"}]})


def test_a_file_that_the_libraries_cannot_load_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    model = line(path)
    path.write_bytes(b"cos\nno_such_name\n.")
    files = [{"name": "model.pkl", "sha256": checksum(path), "seal": seal_of(checksum(path), TOKEN)}]
    description = describe(model | {"files": files})
    with (
        pytest.raises(UnavailableError, match="train it again"),
        open_scorer(description, [path], token=TOKEN),
    ):
        pass


def test_numbers_that_stand_for_categories_are_read_as_the_training_read_them() -> None:
    feature = Feature(name="code", source="code", type="category", levels=("1", "2", MISSING))
    for values in ([1, 2, None], [1.0, 2.0, np.nan], ["1", "2", None]):
        assert derive([feature], pd.DataFrame({"code": values}))["code"].tolist() == ["1", "2", MISSING]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.randoms())
def test_the_order_of_rows_and_columns_does_not_matter(values: list[float], random: Any) -> None:
    features = [
        Feature(name="a", source="a", type="number"),
        Feature(name="b", source="b", type="category", levels=("0", "1")),
    ]
    table = pd.DataFrame({"a": values, "b": [int(value) % 3 for value in values]})
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = derive(features, table.iloc[order][["b", "a"]])
    pd.testing.assert_frame_equal(shuffled.sort_index(), derive(features, table))


def test_the_description_is_plain_data() -> None:
    feature = Feature(
        name="d_days", source="d", type="number", part="days", origin=pd.Timestamp("2024-01-01")
    )
    kept = feature.model_dump(mode="json", exclude_defaults=True)
    assert Feature.model_validate(kept) == feature
    table = pd.DataFrame({"d": ["2024-01-03T12:00:00", "2023-12-31"]})
    assert derive([Feature.model_validate(kept)], table)["d_days"].tolist() == [2.5, -1]
    assert set(ModelDescription.model_fields) >= {
        "task",
        "target",
        "features",
        "classes",
        "threshold",
        "dataset",
    }
