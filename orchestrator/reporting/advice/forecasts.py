"""What to do with a forecast or a model, from how it did on data it had not seen."""

from collections.abc import Iterator

from mesh.pages.cells import print_share
from orchestrator.reporting.labels import Labels

from .recommendation import Basis, Located, Recommendation, amount

_TRUSTED_COVERAGE = 0.9
_POOR_COVERAGE = 0.85
_SURE = 0.9


def plan_with_forecast(forecast: Located) -> Iterator[Recommendation]:
    """A forecast with a total, better than every naive one, whose 95 % band held at least 90 % of the backtest's values."""
    backtest = forecast.inner("backtest")
    coverage, folds = backtest.number("coverage_95"), backtest.number("folds")
    total, horizon = forecast.number("total"), forecast.number("horizon")
    low, high = forecast.number("total_lower_95"), forecast.number("total_upper_95")
    if coverage is None or total is None or low is None or high is None or horizon is None or folds is None:
        return
    if coverage < _TRUSTED_COVERAGE or forecast.data.get("beats_baseline") is not True:
        return
    unit = Labels(forecast.language).word("frequency", forecast.text("frequency"))
    yield Recommendation(
        forecast.say(
            en="Plan the next {horizon:.0f} {unit} with {total} of {target}, and keep room for {low} to {high}.",
            ko="앞으로 {horizon:.0f}{unit}간 {target}(은/는) {total}(으로/로) 계획하고, {low}~{high}까지 대비하세요.",
            horizon=horizon,
            unit=unit,
            target=forecast.text("target"),
            total=amount(total),
            low=amount(low),
            high=amount(high),
        ),
        forecast.say(
            en="In a backtest of {folds:.0f} folds {coverage} of the actual values lay inside the 95% band, and the error "
            "was smaller than that of every naive method.",
            ko="{folds:.0f}회 백테스트에서 실제 값의 {coverage}가 95% 구간 안에 있었고, "
            "모든 단순 방법보다 오차가 작았습니다.",
            folds=folds,
            coverage=print_share(coverage),
        ),
        forecast.say(
            en="95% band held ≥ 90% and no naive method is better",
            ko="95% 구간 적중률 90% 이상이고 단순 방법보다 나음",
        ),
        forecast.basis("total", "total_lower_95", "total_upper_95", "horizon", "beats_baseline")
        + backtest.basis("coverage_95", "folds"),
        "forecast",
        forecast.step,
    )


def widen_band(forecast: Located) -> Iterator[Recommendation]:
    """A 95 % band that held less than 85 % of the backtest's values."""
    backtest = forecast.inner("backtest")
    coverage = backtest.number("coverage_95")
    if coverage is None or coverage >= _POOR_COVERAGE:
        return
    yield Recommendation(
        forecast.say(
            en="Keep a larger reserve than the forecast's band says.",
            ko="예측 구간보다 여유를 더 크게 잡으세요.",
        ),
        forecast.say(
            en="In the backtest only {coverage} of the actual values lay inside the 95% band.",
            ko="백테스트에서 실제 값의 {coverage}만 95% 구간 안에 있었습니다.",
            coverage=print_share(coverage),
        ),
        forecast.say(en="95% band held < 85%", ko="95% 구간 적중률 85% 미만"),
        backtest.basis("coverage_95"),
        "forecast",
        forecast.step,
    )


def keep_baseline(model: Located) -> Iterator[Recommendation]:
    """No model beat the baseline."""
    metric = model.text("metric")
    best, baseline = model.inner("best").number(metric), model.inner("baseline").number(metric)
    if model.data.get("beats_baseline") is not False or best is None or baseline is None:
        return
    yield Recommendation(
        model.say(
            en="Use the simple baseline for {target}, not a model, until there are better columns or more rows.",
            ko="더 나은 열이나 더 많은 행이 생기기 전까지 {target}에는 모델 대신 단순한 기준선을 쓰세요.",
            target=model.text("target"),
        ),
        model.say(
            en="On data they had not seen, the best model reached {metric} {best:.3f}, the baseline {baseline:.3f}.",
            ko="학습하지 않은 데이터에서 가장 좋은 모델의 {metric} 값은 {best:.3f}, 기준선은 {baseline:.3f}입니다.",
            metric=metric.upper(),
            best=best,
            baseline=baseline,
        ),
        model.say(en="no model beats the baseline", ko="기준선보다 나은 모델이 없음"),
        model.basis("beats_baseline")
        + model.inner("best").basis(metric)
        + model.inner("baseline").basis(metric),
        "model",
        model.step,
    )


def rank_with_classifier(model: Located) -> Iterator[Recommendation]:
    """A two-class model that beats the baseline but is wrong too often to decide single cases: balanced accuracy below 90 %."""
    confusion = model.inner("holdout", "confusion")
    labels, matrix = confusion.data.get("labels"), confusion.data.get("matrix")
    balanced = model.inner("best").number("balanced_accuracy")
    if model.data.get("beats_baseline") is not True or balanced is None or balanced >= _SURE:
        return
    if not isinstance(labels, list) or len(labels) != 2 or not isinstance(matrix, list):
        return
    (_, false_alarms), (missed, found) = matrix
    if not found:
        return
    at = f"{confusion.pointer}/matrix"
    yield Recommendation(
        model.say(
            en="Use the model to choose which cases to look at first, not as a verdict on a single one.",
            ko="모델은 먼저 살펴볼 대상을 고르는 데 쓰고, 한 건의 판정에는 쓰지 마세요.",
        ),
        model.say(
            en="On held-out rows it found {found:,} of {cases:,} with {target} = {label}, "
            "and {wrong:,} of its {named:,} alarms were false.",
            ko="검증 행에서 {target} = {label}인 {cases:,}건 중 {found:,}건을 찾았고, "
            "알린 {named:,}건 중 {wrong:,}건은 틀렸습니다.",
            found=found,
            cases=found + missed,
            target=model.text("target"),
            label=labels[1],
            wrong=false_alarms,
            named=found + false_alarms,
        ),
        model.say(
            en="better than the baseline, balanced accuracy < 90%", ko="기준선보다 낫고 균형 정확도 90% 미만"
        ),
        (
            *model.inner("best").basis("balanced_accuracy"),
            Basis("found", found, f"{at}/1/1"),
            Basis("missed", missed, f"{at}/1/0"),
            Basis("false_alarms", false_alarms, f"{at}/0/1"),
            Basis("found + missed", found + missed, at),
            Basis("found + false_alarms", found + false_alarms, at),
        ),
        "model",
        model.step,
    )
