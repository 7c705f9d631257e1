"""What to know before relying on a forecast: short histories, filled periods, candidates that had to stay out."""

import pandas as pd

from mesh.language import Language, say

from .candidate_names import H2O_LAGS, display_name
from .forecast import Forecast
from .h2o_notes import Absence, absence_note
from .lags import TOO_SHORT


def forecast_warnings(language: Language, made: Forecast) -> list[str]:
    """What limits the forecast or its backtest, one sentence each."""
    series, contest, notes = made.series, made.contest, []
    if made.outlook.cut:
        notes.append(
            say(
                language,
                en="That reaches further than can be forecast in these steps: the forecast ends earlier. Ask for a coarser step, "
                "such as monthly.",
                ko="요청하신 기간이 이 단위로 예측할 수 있는 범위를 넘어 더 일찍 끝나는 예측을 만들었습니다. 월별처럼 더 큰 "
                "단위로 요청해 주십시오.",
            )
        )
    if contest.origins.steps < made.outlook.steps:
        notes.append(
            say(
                language,
                en="The history is short: the backtest tested fewer steps than are forecast; later steps are less certain.",
                ko="과거 자료가 짧아 백테스트가 예측 기간 전체를 검증하지 못했습니다. 뒤쪽 예측은 불확실성이 더 큽니다.",
            )
        )
    if series.filled:
        notes.append(
            say(
                language,
                en="Some periods had no rows and were filled: see 'filled' in the forecast.",
                ko="행이 없는 기간이 있어 채웠습니다. 예측 결과의 'filled' 항목에 개수가 있습니다.",
            )
        )
    if series.dropped:
        notes.append(
            say(
                language,
                en="The incomplete first or last period was left out.",
                ko="자료가 일부만 있는 첫 기간 또는 마지막 기간은 제외했습니다.",
            )
        )
    if contest.origins.metric == "rmse":
        notes.append(
            say(
                language,
                en="Many periods hold no demand, so methods for intermittent demand took part (Syntetos, Boylan and Croston) and "
                "squared errors decide.",
                ko="수요가 없는 기간이 많아 간헐 수요 방법(Syntetos·Boylan·Croston 분류)을 포함하고 제곱 오차로 비교했습니다.",
            )
        )
    if H2O_LAGS in contest.skipped:
        why: dict[str, Absence] = {"time": "time", TOO_SHORT: "history"}
        notes.append(absence_note(language, why.get(contest.skipped[H2O_LAGS], "refused")))
    late = sorted(name for name, why in contest.skipped.items() if why == "time" and name != H2O_LAGS)
    if late:
        names = ", ".join(display_name(name, language) for name in late)
        notes.append(
            say(
                language,
                en="Not tried, because the time was up: {names}.",
                ko="시간이 부족해 시도하지 못한 모델: {names}.",
                names=names,
            )
        )
    if series.frequency in {"D", "B", "W-MON", "MS", "h"} and _years(series.values) < 1.5:
        notes.append(
            say(
                language,
                en="The history is too short to tell a yearly season from a trend.",
                ko="과거 자료가 짧아 연간 계절성과 추세를 구분할 수 없습니다.",
            )
        )
    return notes


def _years(values: pd.Series) -> float:
    return float((values.index[-1] - values.index[0]) / pd.Timedelta(days=365.25))
