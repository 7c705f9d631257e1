"""Parts of an explanation as they are said in a sentence, a table and a chart: conditions, values, names of rates."""

from typing import Any

from mesh.language import Language, say
from mesh.tabular.figures import figure

RATES = {
    "selection": ("predicted positive", "양성으로 예측된 비율"),
    "tpr": ("found among the truly positive", "실제 양성을 찾아낸 비율"),
    "fpr": ("flagged among the truly negative", "실제 음성을 양성으로 본 비율"),
}
VERDICTS = {
    "calibrated": ("no clear deviation from what happened", "실제 비율과 뚜렷한 차이가 없습니다"),
    "overconfident": ("too extreme", "지나치게 극단적입니다"),
    "underconfident": ("too timid", "지나치게 조심스럽습니다"),
    "too_high": ("too high", "실제보다 높습니다"),
    "too_low": ("too low", "실제보다 낮습니다"),
}


def rate_name(rate: str, language: Language) -> str:
    """What a rate counts."""
    return RATES[rate][language == "ko"]


def condition(where: list[dict[str, Any]], language: Language) -> str:
    """The rows of a segment: `'contract' is 'monthly' and 'tenure' is 3 to 12`."""
    return say(language, en=" and ", ko=", ").join(_one(part, language) for part in where)


def unit(report: dict[str, Any], language: Language) -> str:
    """What predictions are counted in: the target itself, or the probability of a class."""
    if report["output_class"] is None:
        return f"'{report['target']}'"
    return say(language, en="probability of '{label}'", ko="'{label}' 확률", label=report["output_class"])


def amount(value: float, report: dict[str, Any]) -> str:
    """A prediction as printed: a probability as a percentage, a value with as many digits as a person reads."""
    return f"{value:.1%}" if report["output_class"] is not None else figure(value)


def precision(value: float) -> str:
    """The format of an amount of any size: whole when it is whole or large, else two decimals or three digits."""
    if value == int(value) or abs(value) >= 100:
        return ",.0f"
    return ",.2f" if abs(value) >= 1 else ".3g"


def _one(part: dict[str, Any], language: Language) -> str:
    name = part["feature"]
    if "value" in part:
        value = figure(part["value"]) if isinstance(part["value"], float) else f"'{part['value']}'"
        return say(language, en="'{name}' is {value}", ko="'{name}' = {value}", name=name, value=value)
    low, high = figure(part["low"]), figure(part["high"])
    if part["first"]:
        return say(language, en="'{name}' is at most {high}", ko="'{name}' {high} 이하", name=name, high=high)
    return say(
        language,
        en="'{name}' is above {low} up to {high}",
        ko="'{name}' {low} 초과 {high} 이하",
        name=name,
        low=low,
        high=high,
    )
