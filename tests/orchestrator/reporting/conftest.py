"""Real analyses, made once: a forecast and a prediction with all their steps, and single answers, in both languages."""

from pathlib import Path

import anyio
import pytest

from mesh.analysis import Analysis
from mesh.language import Language
from tests.orchestrator.reporting.working import Desk, customers_file, sales_file

FORECAST: dict[Language, str] = {
    "en": "Analyse the sales and forecast revenue",
    "ko": "매출을 분석하고 revenue를 예측해줘",
}
PREDICTION: dict[Language, str] = {
    "en": "Predict which customers have left",
    "ko": "고객 이탈(left)을 예측하는 모델을 만들어줘",
}
QUESTION: dict[Language, str] = {
    "en": "Which city has the highest revenue?",
    "ko": "revenue가 가장 높은 city는?",
}


async def forecast(folder: Path, language: Language) -> Analysis:
    """Loading, quality, exploration, a forecast and charts."""
    desk = Desk(folder, FORECAST[language], language)
    await desk.do("ingestion", "load_dataset", sales_file(folder))
    await desk.do("quality", "assess_quality")
    await desk.do("eda", "explore_data")
    await desk.do("automl", "train_model", time_budget_s=4, target="revenue", task="forecast", horizon=14)
    await desk.do("visualization", "draw_charts")
    return desk.analysis()


async def prediction(folder: Path, language: Language) -> Analysis:
    """Loading, a classifier and an answer that was not to be had."""
    desk = Desk(folder, PREDICTION[language], language)
    await desk.do("ingestion", "load_dataset", customers_file(folder))
    await desk.do("nlp", "answer_question")
    await desk.do("automl", "train_model", time_budget_s=3, target="left", task="classification")
    return desk.analysis()


async def answer(folder: Path, language: Language) -> Analysis:
    """Loading and one answer."""
    desk = Desk(folder, QUESTION[language], language)
    await desk.do("ingestion", "load_dataset", sales_file(folder))
    await desk.do("nlp", "answer_question")
    return desk.analysis()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Analysis]:
    """The analyses by kind and language."""
    kinds = {"forecast": forecast, "prediction": prediction, "answer": answer}
    languages: tuple[Language, ...] = ("en", "ko")
    return {
        f"{kind}-{language}": anyio.run(make, tmp_path_factory.mktemp(f"{kind}-{language}"), language)
        for kind, make in kinds.items()
        for language in languages
    }
