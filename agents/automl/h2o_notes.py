"""Why H2O AutoML is not on the leaderboard although the data was large enough for it, and what to do about it."""

from typing import Literal

from mesh.language import Language, say

Absence = Literal["time", "history", "refused", "not_ready"]


def absence_note(language: Language, why: Absence) -> str:
    """One warning: the time was up, the history too short, H2O refused the data, or its JVM did not start."""
    if why == "time":
        return say(
            language,
            en="H2O AutoML finished no model within its share of the time, so it is not on the leaderboard; "
            "raise time_budget_s to let it take part.",
            ko="H2O AutoML이 주어진 시간 안에 모델을 완성하지 못해 순위표에 없습니다. time_budget_s를 늘리면 참여할 수 있습니다.",
        )
    if why == "history":
        return say(
            language,
            en="The history before the backtest is too short for H2O AutoML, so it is not on the leaderboard; more history or "
            "a shorter horizon lets it take part.",
            ko="백테스트 이전의 과거 자료가 짧아 H2O AutoML은 순위표에 없습니다. 자료를 늘리거나 예측 기간을 줄이면 참여할 수 "
            "있습니다.",
        )
    if why == "refused":
        return say(
            language,
            en="H2O AutoML failed on this data, so it is not on the leaderboard; run the training again, and if that does not "
            "help, raise time_budget_s.",
            ko="H2O AutoML 학습에 실패해 순위표에 없습니다. 다시 실행해 보시고, 그래도 실패하면 time_budget_s를 늘려 주십시오.",
        )
    return say(
        language,
        en="The JVM of H2O AutoML was not ready, so the models were trained with scikit-learn and statsmodels; run the "
        "training again, and look into h2o.log of the AutoML service if it still does not start.",
        ko="H2O AutoML의 JVM이 준비되지 않아 scikit-learn과 statsmodels로 학습했습니다. 다시 실행해 보시고, 그래도 시작되지 "
        "않으면 AutoML 서비스의 h2o.log를 확인해 주십시오.",
    )
