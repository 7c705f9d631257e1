"""The words that shape a query: aggregates, order, grouping, time grain, and words that carry no meaning for it.

Each cue is (kind, payload). Phrases of several words are matched longest first; a data column whose full name is the
phrase goes before the cue.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CUES: dict[tuple[str, str], str] = {
    ("agg", "sum"): (
        "total, sum, sum of, in total, overall, altogether, 합계, 총합, 총, 총액, 전체, 합, 합산, 총계, 모두"
    ),
    ("agg", "avg"): "average, mean, avg, on average, 평균, 평균적, 평균값",
    ("agg", "median"): "median, 중앙값, 중위, 중위값, 중간값",
    ("agg", "max"): "maximum, max, 최대, 최댓값, 최대값, 최고값, 최고치",
    ("agg", "min"): "minimum, min, 최소, 최솟값, 최소값, 최저값",
    ("agg", "stddev"): "standard deviation, std, stddev, 표준편차",
    ("count", ""): (
        "how many, number of, the number of, count, count of, 몇, 몇 명, 몇 개, 몇 건, 몇 곳, "
        "몇 가지, 몇 대, 몇 번, 몇 분, 몇 종류, 몇 종, 몇 행, 개수, 갯수, 건수, 인원, 인원수, 명수, "
        "횟수, 숫자, 수"
    ),
    ("howmuch", ""): "how much, by how much, 얼마, 얼마나, 얼마만큼",
    ("rows", ""): (
        "rows, row, records, record, entries, observations, data points, times, 행, 레코드, 데이터 건수, 데이터"
    ),
    ("distinct", ""): "distinct, unique, different, 고유, 서로 다른, 종류, 중복 없이, 가짓수",
    ("desc", ""): (
        "most, the most, highest, largest, biggest, greatest, top, best, best selling, "
        "maximum number of, busiest, 가장 바쁜, 가장 붐비는, most expensive, most popular, top selling, 가장 많이, 가장 많은, "
        "가장 높은, 가장 큰, 가장 크, 가장 높, 가장 많, 제일 많이, 제일 많은, 제일 높은, 제일 큰, "
        "제일 잘, 제일 많, 제일 높, 최고, 최다, 상위, 가장 잘, 높은 순, 많은 순, 큰 순, 내림차순, "
        "인기 있는, 가장 인기 있는, 1위, descending, highest to lowest"
    ),
    ("desc", "soft"): "많이, 많은, 높은, 큰, more",
    ("asc", "soft"): "적게, 적은, 낮은, 작은, less, fewer",
    ("asc", ""): (
        "least, the least, lowest, smallest, fewest, bottom, worst, worst selling, 가장 적게, "
        "가장 적은, 가장 낮은, 가장 작은, 가장 낮, 가장 적, 가장 작, 제일 적게, 제일 적은, "
        "제일 낮은, 제일 적, 제일 낮, 최저, 최하위, 하위, 낮은 순, 적은 순, 작은 순, 오름차순, 꼴찌, "
        "가장 안, ascending, lowest to highest"
    ),
    ("desc", "price"): "most expensive, priciest, 가장 비싼, 제일 비싼",
    ("asc", "price"): "cheapest, least expensive, 가장 싼, 제일 싼, 가장 저렴한, 제일 저렴한",
    ("desc", "age|-year|-date"): "oldest, 최고령, 가장 나이 많은, 가장 오래된, 제일 오래된",
    ("asc", "age|-year|-date"): "youngest, 최연소, 가장 어린, 가장 젊은, 제일 어린, 제일 젊은",
    ("desc", "year|date"): "newest",
    ("desc", "duration|height"): (
        "longest, 최장, 가장 긴, 가장 길, 제일 긴, 제일 길, 가장 오래, 제일 오래, 가장 오래 걸린, 가장 오래 걸리는"
    ),
    ("asc", "duration|height"): "shortest, 최단, 가장 짧은, 가장 짧, 제일 짧은, 제일 짧",
    ("desc", "height"): "tallest",
    ("desc", "weight"): "heaviest, 가장 무거운, 가장 무겁, 제일 무거운, 제일 무겁",
    ("asc", "weight"): "lightest, 가장 가벼운, 가장 가볍, 제일 가벼운, 제일 가볍",
    ("desc", "speed|-duration"): "fastest, quickest, 가장 빠른, 가장 빠르, 제일 빠른",
    ("asc", "speed|-duration"): "slowest, 가장 느린, 가장 느리, 제일 느린",
    (
        "desc",
        "wind|power|speed",
    ): "strongest, most powerful, 가장 강한, 가장 강하, 제일 강한, 가장 센, 제일 센",
    ("asc", "wind|power|speed"): "weakest, 가장 약한, 제일 약한",
    ("desc", "temperature"): (
        "hottest, warmest, 가장 더운, 가장 더웠, 제일 더운, 제일 더웠, 가장 뜨거운, 가장 따뜻한"
    ),
    ("asc", "temperature"): "coldest, coolest, 가장 추운, 가장 추웠, 제일 추운, 제일 추웠",
    ("desc", "precipitation"): "wettest, rainiest",
    ("asc", "precipitation"): "driest",
    ("desc", "width"): "widest, 가장 넓은, 제일 넓은",
    ("asc", "width"): "narrowest, 가장 좁은, 제일 좁은",
    ("desc", "depth"): "deepest, 가장 깊은",
    ("group", "by"): (
        "by, per, each, for each, every, broken down by, grouped by, group by, in each, by each, "
        "across, split by, 별, 별로, 마다, 당, 각, 각각의, 기준으로, 한 명당, 명당, 인당, 1인당, 한 건당, 건당"
    ),
    ("group", "inside"): "within each, inside each, 안에서, 내에서, 안에서의, 내에서의, 내",
    ("per_unit", ""): (
        "per unit, per unit sold, per item sold, per piece, each unit, 대당, 한 대당, 개당, 한 개당, 단위당"
    ),
    ("group", "which"): "which, what, whose, who, 어느, 어떤, 무슨, 어디, 누구, 누가",
    ("grain", "day"): "daily, per day, by day, each day, day by day, by date, 일별, 일자별, 날짜별, 하루",
    ("grain", "week"): "weekly, per week, by week, each week, 주별, 주간, 주차별, 주간별",
    ("grain", "month"): (
        "monthly, per month, by month, each month, month by month, 월별, 매월, 매달, 달별, 월간"
    ),
    ("grain", "quarter"): "quarterly, per quarter, by quarter, each quarter, 분기별, 매분기, 분기마다",
    ("grain", "year"): (
        "yearly, annual, annually, per year, by year, each year, year by year, 연도별, 년도별, 연별, "
        "해마다, 매년, 연간, 년별"
    ),
    ("grain", "weekday"): (
        "by weekday, by day of week, by day of the week, per weekday, each weekday, 요일별, 요일마다"
    ),
    (
        "grain",
        "hour",
    ): "hourly, by hour, per hour, each hour, by hour of day, hour of day, 시간대별, 시간별, 매시간",
    ("unit", "hour"): "hour, 시간대, 몇 시",
    ("unit", "day"): "day, date, 날, 날짜, 일자",
    ("unit", "week"): "week, 주",
    ("unit", "month"): "month, 달, 월",
    ("unit", "quarter"): "quarter, 분기",
    ("unit", "year"): "year, 해, 연도, 년도",
    ("unit", "weekday"): "weekday, day of week, day of the week, 요일",
    ("share", ""): (
        "share, share of, percentage, percent, proportion, ratio, fraction, what percent of, %, "
        "비율, 비중, 점유율, 퍼센트, 구성비, 차지, 차지하는, 차지하는 비율, 차지하는 비중, "
        "몇 퍼센트, 몇 %, 몇 프로"
    ),
    ("rate", ""): "rate, 률, 율",
    ("growth", ""): (
        "growth, growth rate, grow, grew, growing, increase, increased, change, changed, 성장률, "
        "증가율, 증감률, 증감율, 성장, 변화율, 증가, 증가했, 증가한, 성장했, 성장한, 증감, 늘어난, 늘었, 늘어났, 늘어, 오른"
    ),
    ("fall", ""): (
        "fall, fell, fallen, decrease, decreased, decline, declined, drop, dropped, shrink, shrank, went down, reduction, "
        "감소, 감소한, 감소했, 줄어든, 줄었, 줄어, 줄어들, 하락, 하락한, 하락했, 떨어진, 떨어졌, 감소율, 하락률"
    ),
    ("difference", ""): (
        "difference, difference in, difference between, gap, gap in, gap between, how much higher, how much more, "
        "how much lower, how much less, how much larger, how much longer, how much older, 차이, 격차, 차이 얼마나, "
        "얼마나 차이, 얼마나 높, 얼마나 많, 얼마나 낮, 얼마나 적, 얼마나 크, 얼마나 비싸, 얼마나 더, 얼마나 더 높, "
        "얼마나 더 많, 얼마나 더 낮, 얼마나 더 적, 얼마나 더 비싸"
    ),
    ("blank", ""): (
        "missing, unknown, blank, empty, null, not recorded, no recorded, not known, unrecorded, 비어 있는, 비어있는, "
        "비어 있, 누락된, 누락, 결측, 결측치, 결측값, 모르는, 알 수 없는, 기록되지 않은, 입력되지 않은, 미상, "
        "미상인, 안 남긴, 값이 없는, 값 없는"
    ),
    ("growth", "year"): (
        "year over year, yoy, year on year, year over year growth, yoy growth, "
        "year over year growth rate, 전년 대비, 전년대비, 작년 대비, 전년 대비 성장률, "
        "전년 대비 증가율, 연간 성장률, annual growth, annual growth rate"
    ),
    ("growth", "same"): (
        "compared to the same month last year, against the same month last year, versus the same month last year, "
        "compared to the same period last year, 전년 동월 대비, 전년 동기 대비, 작년 같은 달 대비, "
        "지난해 같은 달 대비, 전년동월대비, 전년동기대비, 전년 동월 대비 증가율"
    ),
    (
        "growth",
        "quarter",
    ): "quarter over quarter, qoq, quarter on quarter, 전분기 대비, 전 분기 대비, 직전 분기 대비",
    ("growth", "month"): (
        "month over month, mom, month on month, month over month growth, 전월 대비, 전월대비, "
        "지난달 대비, monthly growth"
    ),
    ("trend", ""): (
        "trend, trends, trend of, over time, over the years, over the months, development, evolution, 추세, 추이, "
        "변화 추이, 변화, 흐름, 시간에 따른"
    ),
    ("compare", ""): (
        "compare, comparison, compared, versus, vs, against, than, 비교, 비교해, 비교하면, 각각, 대비"
    ),
    ("not", ""): (
        "not, no, neither, without, except, excluding, other than, did not, didn't, don't, doesn't, "
        "non, have not, has not, 말고, 아닌, 제외, 제외하고, 제외한, 빼고, 않은, 않는, 지 않은, 하지 않은, "
        "하지 않는, 되지 않은, 없는, 안 한, 안"
    ),
    ("never", ""): (
        "never, not once, 한 번도, 한번도, 적이 없는, 적 없는, 산 적이 없는, 산 적 없는, 구매한 적이 없는, "
        "구매한 적 없는, 적이 한 번도 없는"
    ),
    ("having", ""): "with, have, has, having, had, 있는, 가진, 보유한",
    ("sell", ""): (
        "sold, sell, sells, selling, 팔, 팔았, 팔린, 팔렸, 팔리, 팔리는, 판매, 판매된, 판매한, "
        "판매됐, 판매되었, 판매했, 팔아, 나갔"
    ),
    ("from", ""): (
        "from, comes from, come from, came from, is from, belong to, is, are, was, were, comes, come"
    ),
    ("within", ""): "among, out of, of all, 중, 중에, 중에서, 가운데, 가운데서, 에서",
    ("who", ""): "who, that, where, those",
    ("how", ""): "how, how did, how has, how have, how does, how do, 어떻게, 어떻게 되",
    ("list", ""): "list, show me, show, give me, display, 목록, 리스트, 나열",
    ("when", ""): "when, 언제",
    (
        "first",
        "",
    ): "earliest, first, start, begin, oldest record, 언제부터, 가장 이른, 가장 먼저, 가장 빨리, 제일 먼저, 처음, 첫, 시작",
    (
        "last",
        "",
    ): "latest, most recent, last, end, newest, 언제까지, 가장 최근, 가장 늦게, 가장 늦은, 제일 늦게, 마지막, 끝",
    ("corr", ""): "correlation, correlated, correlation between, 상관관계, 상관계수, 상관",
    ("sorted", ""): (
        "sorted by, ordered by, order by, sort by, ranked by, rank, ranked, ranking, in order of, "
        "순위, 순, 순서, 순서대로, 정렬"
    ),
    ("refuse", "why"): "why, reason, cause, causes, because, explain, 왜, 이유, 원인, 때문",
    ("refuse", "future"): (
        "predict, forecast, prediction, will, next month, next year, next quarter, next week, "
        "future, tomorrow, expect, 예측, 예상, 전망, 다음 달, 다음달, 내년, 다음 분기, 내일, 앞으로, "
        "향후, 미래"
    ),
    ("refuse", "advice"): (
        "should, recommend, recommendation, suggest, improve, strategy, 추천, 제안, 개선, 전략, "
        "어떻게 해야, 해야"
    ),
    ("or", ""): "or, nor, 또는, 혹은, 이거나, 거나",
    ("either", ""): "either",
    ("weekday", "1"): "monday, mondays, 월요일",
    ("weekday", "2"): "tuesday, tuesdays, 화요일",
    ("weekday", "3"): "wednesday, wednesdays, 수요일",
    ("weekday", "4"): "thursday, thursdays, 목요일",
    ("weekday", "5"): "friday, fridays, 금요일",
    ("weekday", "6"): "saturday, saturdays, 토요일",
    ("weekday", "7"): "sunday, sundays, 일요일",
    ("weekday", "weekend"): "weekend, weekends, on the weekend, 주말",
    ("weekday", "workday"): "on weekdays, working day, working days, workday, 평일, 주중",
    ("nth", "2"): "second, 두 번째, 두번째, 2위",
    ("nth", "3"): "third, 세 번째, 세번째, 3위",
    ("nth", "4"): "fourth, 네 번째, 네번째, 4위",
    ("nth", "5"): "fifth, 다섯 번째, 다섯번째, 5위",
    ("running", ""): "cumulative, cumulative total, running total, running sum, 누적, 누계, 누적 합계",
    ("refuse", "window"): "moving average, rolling average, rolling, 이동평균, 이동 평균",
    ("refuse", "percentile"): "percentile, quantile, quartile, decile, 백분위, 사분위, 분위수",
}

COUNTING = frozenset(
    {
        "most",
        "the most",
        "fewest",
        "least",
        "the least",
        "more",
        "fewer",
        "less",
        "가장 많은",
        "가장 많",
        "제일 많은",
        "제일 많",
        "최다",
        "가장 적은",
        "가장 적",
        "제일 적은",
        "많은",
        "적은",
        "busiest",
        "가장 바쁜",
        "가장 붐비는",
    }
)
"""Superlatives that count the things they stand beside."""

STOP = _words(
    """
    a all also am amount came only ever overall yet live lived living cause caused released produced built build entire whole
    develop developed recorded available kind
 an and any are as at be been belong between booked bought bring brought buy
    calculate can column columns compute could data dataset did different do does during earn earned
    exactly figure figures find for generate generated get give group groups had happened has have he
    her his i in into is it its just know level levels made make makes many me much my need numbers
    occurred of on ordered our out place placed please purchase purchased recorded registered she so
    starts table tell than the their them then there these they this those to took up us value values
    use used uses
    want was we were what's which's with within work works working would you 값 것 결과 계산 계산해 계산해주세요 계산해줘
    거주 거주하는 곳 관한 관해 구매한 구매했 구입한 구해 구해주세요 구해줘 궁금 그리고 기간 기록 기록한 나머지 나오 나온 나왔 다른
    낮 높 대하여 대한 대해 데이터셋 동안 돼 돼요 됐 되 되나요 되는 되었 된 됩니까 때 또 많 말해주세요
    말해줘 모든 무언 무엇 뭐 뭐야 뭔가 뭔지 및 발생 발생한 보여 보여주세요 보여줘 분석 분석해 분석해줘
    사람 사람들 사용 사용하 사이 사는 산 사지 샀 속 준 남긴 수치 알려 알려주세요 알려줘 얼마인지 에서의 우리 이용 이용하 인
    인지 있 있나요 있는지 있습니까 있어 있어요 있었 자료 작 저희 적 전체 정도 제가 좀 좋 좋은 주문한
    주세요 주십시오 중 줘 찾아 찾아주세요 찾아줘 총 크 표 하 하는 하였 한 해당 해당하는 했 했던
    온 나 나나요 납니까 보낸 들어온 개봉한 개봉 세계 더 곳 마리 편 그중 태어난 만든
    """
)
"""Words that carry no meaning for a query."""

ENDINGS = _words(
    """
    ㄹ까요 ㅁ ㅂ니까 가 가요 게 고 과 과의 기 까요 까지 께 나 나요 냐 는 는가 는가요 는데 는지 니 님
    대로 던 던가요 도 됐나요 됐습니까 되나요 되는 되는지 되었나요 되었습니까 된 된지 될 됩니까 들 들은
    들을 들의 들이 라는 란 랑 로 로는 를 마 만 며 별로는 보다 부터 서 습니까 시키는 씩 아 아요 았나요
    았습니까 았어 았던 었던 야 어 어요 었나요 었습니까 었어 에 에게 에는 에서 에서는 에서의 에선 여 였나요
    였습니까 예요 와 와의 으로 으로는 으며 은 은가 은가요 은데 은지 을 을까 을까요 음 의 이 이고 이나
    이던 이라는 이란 이랑 이며 이야 이었나요 이에요 이죠 인 인가 인가요 인데 인지 일까요 입니까 입니다
    적으로 적인 정도 죠 지 지요 쯤 처럼 하게 하고 하나요 하는 하는지 하면 하여 한 한지 할 합니까 해
    해서 해요 해주세요 해줘 했나요 했는가 했는지 했습니까 했어 했어요
    """
)
"""Korean particles and endings, legal only after another piece of the same word."""
