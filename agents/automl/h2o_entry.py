"""H2O's part in the contest of forecasts: when there is a cluster, enough history and enough time."""

import contextlib
import time
from collections.abc import Callable, Iterator

from mesh.language import say

from .contest import Contest
from .h2o_lags import H2OLags
from .h2o_session import Standing, h2o_session
from .order import Order
from .series import RegularSeries

H2O_LEAST_POINTS = 200
RESERVE_S = 2.5
_LEAST_S = 6.0
_SEARCH_SHARE = 0.45


@contextlib.contextmanager
def h2o_entrant(
    order: Order,
    series: RegularSeries,
    contest: Contest,
    deadline: float,
    progress: Callable[[float, str], None],
) -> Iterator[H2OLags | None]:
    """H2O on lags, its session open within the context; None, with the reason noted in the contest, when it cannot take part."""
    left = deadline - time.monotonic() - RESERVE_S
    if order.h2o is None or len(series.values) < H2O_LEAST_POINTS:
        yield None
        return
    if left < _LEAST_S:
        contest.skipped[H2OLags.name] = "time"
        yield None
        return

    def report(standings: list[Standing]) -> None:
        progress(
            min(0.85, 0.5 + 0.03 * len(standings)),
            say(
                order.language,
                en="H2O AutoML: {count} models trained, best {model} with validation RMSE {score:,.2f}",
                ko="H2O AutoML: 모델 {count}개 학습, 최고 {model} (검증 RMSE {score:,.2f})",
                count=len(standings),
                model=standings[0].algorithm,
                score=standings[0].score,
            ),
        )

    with h2o_session(order.h2o, order.project, order.folder) as session:
        yield H2OLags(
            session,
            series.season,
            series.longer,
            seconds=left * _SEARCH_SHARE,
            deadline=deadline - RESERVE_S,
            seed=order.seed,
            report=report,
        )
