"""Forecasting candidates by the names that people read."""

from mesh.language import Language

from .combination import COMBINED

H2O_LAGS = "h2o_automl_lags"
_NAMES = {
    "naive": ("the last value repeated", "마지막 값 반복"),
    "mean": ("the historical mean", "과거 평균"),
    "seasonal_naive": ("the last season repeated", "직전 계절 반복"),
    "seasonal_naive_week": ("last week repeated", "지난주 값 반복"),
    "seasonal_naive_year": ("last year repeated", "작년 값 반복"),
    "drift": ("the last value with the average change", "마지막 값에 평균 변화를 더한 값"),
    "sba": ("Croston's method as corrected by Syntetos and Boylan (SBA)", "간헐 수요 방법 SBA"),
    "tsb": ("the method for fading demand (TSB)", "간헐 수요 방법 TSB"),
    "autoregression": ("autoregression", "자기회귀"),
    "theta": ("the Theta method", "Theta 방법"),
    "ets": ("exponential smoothing (ETS)", "지수평활(ETS)"),
    "fourier_regression": ("Fourier regression", "푸리에 회귀"),
    "fourier_regression_log": ("Fourier regression on the logarithm", "로그 푸리에 회귀"),
    "gradient_boosting_lags": ("gradient boosting on lags", "시차 기반 그래디언트 부스팅"),
    "sarima": ("seasonal ARIMA", "계절 ARIMA"),
    H2O_LAGS: ("H2O AutoML on lags", "시차 기반 H2O AutoML"),
    COMBINED: ("the weighted mean of the best methods", "상위 방법의 가중 평균"),
}


def display_name(name: str, language: Language) -> str:
    """A candidate's name as it stands within a sentence."""
    english, korean = _NAMES[name]
    return korean if language == "ko" else english


def board_label(name: str, language: Language) -> str:
    """A candidate's name as it stands alone, on a leaderboard or an axis."""
    text = display_name(name, language)
    return text[0].upper() + text[1:]
