"""The report on texts as a whole: planted sentiment by group and month is told with its numbers, and nothing private is."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, spearmanr

from agents.nlp.text.text_page import write_page
from agents.nlp.text.text_report import read_report
from agents.nlp.text.text_request import ASPECTS, aspects_of
from agents.nlp.text.text_service import TextParams
from agents.nlp.text.text_story import findings_of, kpis_of, summary_of, warnings_of
from agents.nlp.text.text_tables import result_tables
from mesh.language import Language
from mesh.results import Column

GOOD = [
    "배송이 빨라서 좋았어요",
    "Great screen, I love it",
    "배터리가 오래가서 만족합니다",
    "The courier was friendly and fast",
]
BAD = [
    "배송이 너무 늦어서 실망했습니다",
    "The screen broke, terrible",
    "배터리가 금방 닳아서 불편해요",
    "Awful service and a rude courier",
]
PRIVATE = "문의는 010-2345-6789 kim@example.com 으로"
COLUMNS = [
    Column(name="day", type="datetime", semantic="date"),
    Column(name="product", type="string", semantic="category"),
    Column(name="rating", type="integer", semantic="intensive"),
    Column(name="review", type="string", semantic="text"),
]


def reviews() -> pd.DataFrame:
    """240 reviews in 12 months: 80 % of those of Alpha are good and 30 % of those of Beta, and ratings follow them."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(240):
        product = "Alpha" if number % 2 else "Beta"
        good = (number // 2) % 10 < (8 if product == "Alpha" else 3)
        text = (GOOD if good else BAD)[number % 4 if number % 3 else (number + 1) % 4]
        rows.append(
            {
                "day": pd.Timestamp("2024-01-15") + pd.DateOffset(months=number // 20),
                "product": product,
                "rating": int(rng.integers(4, 6) if good else rng.integers(1, 3)),
                "review": f"{text}. {PRIVATE}" if number == 7 else text,
                "good": good,
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module", params=["en", "ko"])
def report(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Language]:
    """The full report on the reviews, and its language."""
    path = tmp_path_factory.mktemp("reviews") / "reviews.parquet"
    reviews().drop(columns="good").to_parquet(path)
    return read_report(path, COLUMNS, "Analyze the reviews", request.param, ASPECTS), request.param


def test_sentiment_is_that_which_was_planted(report: tuple[dict[str, Any], Language]) -> None:
    data, _ = report
    good = int(reviews()["good"].sum())
    held = data["sentiment"]
    assert (held["positive"], held["neutral"], held["negative"]) == (good, 0, 240 - good)
    assert {item["language"] for item in data["languages"]} == {"ko", "en"}


def test_groups_have_their_counts_and_a_test_that_scipy_agrees_with(
    report: tuple[dict[str, Any], Language],
) -> None:
    (grouping,) = report[0]["by_group"]
    counts = {group["group"]: (group["positive"], group["negative"]) for group in grouping["groups"]}
    assert counts == {"Alpha": (96, 24), "Beta": (36, 84)}
    assert grouping["p_value"] == pytest.approx(chi2_contingency([[96, 24], [36, 84]]).pvalue)


def test_periods_are_months_and_the_direction_is_spearmans(report: tuple[dict[str, Any], Language]) -> None:
    held, frame = report[0]["over_time"], reviews()
    assert held["grain"] == "MS"
    assert [period["period"] for period in held["periods"]] == [f"2024-{month:02d}" for month in range(1, 13)]
    assert [period["positive"] for period in held["periods"]] == frame.groupby("day")["good"].sum().tolist()
    signs = spearmanr(frame["day"].astype("int64"), frame["good"]).statistic
    assert np.sign(held["rho"]) == np.sign(signs) or abs(held["rho"]) < 0.1


def test_scores_are_held_against_the_ratings_of_the_table(report: tuple[dict[str, Any], Language]) -> None:
    held, frame = report[0]["rating"], reviews()
    assert held["rho"] > 0.7
    assert held["mean_rating"]["positive"] == pytest.approx(frame.loc[frame["good"], "rating"].mean())
    assert held["mean_rating"]["negative"] == pytest.approx(frame.loc[~frame["good"], "rating"].mean())


def test_quotes_are_in_the_row_they_name(report: tuple[dict[str, Any], Language]) -> None:
    data, frame = report[0], reviews()
    quotes = [*data["summary"], *(quote for topic in data["topics"]["topics"] for quote in topic["quotes"])]
    quotes += [quote for side in data["sentiment"]["sides"].values() for quote in side["quotes"]]
    assert len(quotes) > 8
    for quote in quotes:
        told = quote["text"].partition("[")[0].rstrip(". ")
        assert frame["review"][quote["row"] - 1].startswith(told.partition(". ")[0])


def test_every_number_that_is_told_is_in_the_evidence(report: tuple[dict[str, Any], Language]) -> None:
    data, language = report
    for found in findings_of(data, language):
        quoted = [str(value) for value in found.evidence.values() if isinstance(value, str)]
        text = found.text
        for value in sorted(quoted, key=len, reverse=True):
            text = text.replace(value, " ")
        values = [v for v in found.evidence.values() if isinstance(v, int | float)]
        shown = {f"{v:,}" for v in values} | {f"{v * 100:.1f}" for v in values} | {f"{v:.2f}" for v in values}
        for number in re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?", text):
            assert number in shown, (number, found.text)


@pytest.mark.parametrize(
    ("rho", "p_value", "asked"), [(0.02, 0.8, False), (-0.5, 0.001, True), (0.5, 0.001, False)]
)
def test_every_sentence_is_whole(
    report: tuple[dict[str, Any], Language], rho: float, p_value: float, asked: bool
) -> None:
    data, language = report
    (grouping,) = data["by_group"]
    changed = data | {
        "by_group": [grouping | {"p_value": p_value, "asked": asked}],
        "over_time": data["over_time"] | {"rho": rho, "p_value": p_value, "asked": asked},
        "rating": data["rating"] | {"rho": rho},
        "sentiment": data["sentiment"] | {"unscored": 3},
        "other_columns": ["title"],
        "topics": None,
        "cut": 2,
        "texts": 200,
    }
    said = [found.text for found in findings_of(changed, language)] + warnings_of(changed, language)
    assert len(warnings_of(changed, language)) == 5
    assert all(re.search(r"[.”]$", text) for text in said), said
    assert not any("{" in text for text in said)


def test_nothing_private_is_told(report: tuple[dict[str, Any], Language], tmp_path: Path) -> None:
    data, language = report
    findings = findings_of(data, language)
    told = json.dumps(data, ensure_ascii=False) + "".join(found.model_dump_json() for found in findings)
    told += "".join(table.model_dump_json() for table in result_tables(data, language))
    page = tmp_path / "page.html"
    write_page(data, "reviews", language, page)
    for text in (told, page.read_text(encoding="utf-8")):
        assert "2345-6789" not in text
        assert "kim@example.com" not in text
    assert {"phone", "email"} <= {item["kind"] for item in data["patterns"]}


def test_the_page_has_every_part_and_asks_for_nothing(
    report: tuple[dict[str, Any], Language], tmp_path: Path
) -> None:
    data, language = report
    page = tmp_path / "page.html"
    write_page(data, "reviews", language, page)
    text = page.read_text(encoding="utf-8")
    for part in (
        "overview",
        "sentiment",
        "groups",
        "time",
        "topics",
        "quotes",
        "keywords",
        "similar",
        "method",
    ):
        assert f'id="{part}"' in text
    assert not re.search(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", text)


def test_what_was_asked_comes_first(report: tuple[dict[str, Any], Language]) -> None:
    data, language = report
    findings = findings_of(data, language)
    assert [found.kind for found in findings[:2]] == ["sentiment", "sentiment_by_group"]
    assert summary_of(data, findings).startswith(findings[0].text)
    assert kpis_of(data, language)[0].value == 240
    assert warnings_of(data, language) == []


@pytest.mark.parametrize(
    ("goal", "aspects"),
    [
        ("What is the sentiment of the reviews?", {"sentiment"}),
        ("What do customers complain about?", {"sentiment", "topics"}),
        ("리뷰를 요약해줘", {"summary"}),
        ("댓글에서 키워드를 뽑아줘", {"keywords"}),
        ("거의 같은 후기를 찾아줘", {"similar"}),
        ("Analyze the comments", set(ASPECTS)),
    ],
)
def test_a_question_says_what_is_told(goal: str, aspects: set[str]) -> None:
    assert set(aspects_of(goal)) == aspects
    assert TextParams(aspects=["topics"]).aspects == ["topics"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_few_texts_in_another_language_are_told_as_such(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "few.parquet"
    pd.DataFrame({"review": ["Das Essen war sehr gut und die Bedienung freundlich", "Nicht gut"]}).to_parquet(
        path
    )
    data = read_report(path, COLUMNS[-1:], "Analyze", language, ASPECTS)
    findings = findings_of(data, language)
    assert "sentiment" not in {found.kind for found in findings}
    assert summary_of(data, findings)
    assert len(warnings_of(data, language)) == 2
    write_page(data, "few", language, tmp_path / "few.html")
