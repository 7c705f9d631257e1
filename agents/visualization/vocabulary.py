"""How people ask for aggregation, period, order and layout, in English and Korean, and finding those words in a text."""

import re

from mesh.tabular.number_words import NUMBER_WORDS

Span = tuple[int, int]
Found = tuple[Span, ...]

AGGREGATION_WORDS: dict[str, str] = {
    "rate": (
        r"(?:이탈|해지|퇴사|이직|전환|합격|불합격|불량|성공|실패|생존|사망|연체|부도|구매|응답|클릭|취소|반품|환불|양성|완료|승인|"
        r"재구매|가입)\s?[율률]|"
        r"(?:churn|attrition|turnover|conversion|default|success|failure|survival|fatality|response|click|cancell?ation|"
        r"return|approval|acceptance|completion|positivity|positive|fraud) rates?"
    ),
    "share": (
        r"비중|비율|점유율|구성비|구성\s?비율|몇\s?(?:%|퍼센트)|퍼센트|백분율|"
        r"shares?|percentages?|proportions?|percent|% of"
    ),
    "median": r"중앙값|중위수|중위값|중간값|medians?",
    "mean": r"평균(?:값)?|averages?|means?|avg",
    "max": r"최대(?:값)?|최댓값|최고(?:치|값)?|maximum|max",
    "min": r"최소(?:값)?|최솟값|최저(?:치|값)?|minimum|min",
    "distinct": r"고유(?:한)?|서로 다른|중복\s?없이|distinct|unique",
    "count": (
        r"(?:주문|판매|방문|이용|발생|거래|등록|접수|신고|가입|데이터|행)의?\s*(?:건수|횟수|개수|수)(?![가-힣]*[량준입치익명업요])|"
        r"[가-힣]{0,6}(?:고객|회원|사람|직원|환자|학생|손님|승객|인원|자|아|명)의?\s*수(?![가-힣]*[량준입치익명업요])|"
        r"건수|횟수|개수|빈도(?:수)?|인원(?:수)?|(?<![가-힣])행\s?수|"
        r"(?:the )?(?:number|count)s? of (?:the )?(?:orders?|customers?|clients?|rows?|records?|"
        r"people|users?|cases?|"
        r"events?|sales|transactions?|products?|items?|employees?|students?|patients?|visits?|\w+s)\b|"
        r"how many (?:\w+s)\b|how often|counts?|frequency|frequencies"
    ),
    "sum": r"합계|총합|총액|누계|총\s|합산|totals?|sums?|overall",
}
GRAIN_WORDS: dict[str, str] = {
    "weekday": r"요일\s?별?로?|week ?days?|days? of (?:the )?week",
    "hour": r"시간대\s?별?로?|hours? of (?:the )?day|by hour|per hour|hours?(?![a-z])",
    "h": r"hourly|시간별로?|매시간|시간\s?단위로?",
    "YS": (
        r"연도\s?별로?|년도\s?별로?|연간|연별|년별로?|해마다|매년|연\s?단위로?|yearly|annual(?:ly)?|(?:by|per|each|every) year|"
        r"year[- ]on[- ]year|years(?![a-z])"
    ),
    "QS": r"분기\s?(?:별로?)?|quarterly|(?:by|per|each|every)? ?quarters?",
    "MS": (
        r"월별로?|매월|월간|달마다|달별로?|월\s?단위로?|월봉|월\s(?=[가-힣|])|(?<![\d가-힣])월(?=\|)|monthly|"
        r"(?:by|per|each|every) months?|months?(?![a-z])"
    ),
    "W": r"주별로?|주간|매주|주차별로?|주\s?단위로?|주봉|weekly|(?:by|per|each|every) weeks?|weeks?(?![a-z])",
    "D": r"일별로?|일간|매일|날짜별로?|일자별로?|하루\s?단위로?|일\s?단위로?|일봉|daily|(?:by|per|each|every) (?:day|date)s?",
}
TREND_WORDS = (
    r"추이|추세|변화|시계열|시간에\s?따른|시간\s?흐름|트렌드|over time|trends?|development|evolution|time series|"
    r"through time|증감"
)
OVER_WORDS = r"over (?:the )?(?:last|past|previous|recent) (?:\w+ )?(?:day|week|month|quarter|year)s?"
"""As `TREND_WORDS`; what they say of the period is read as a filter first."""
SHARED_WORDS = {
    "log": r"로그\s?(?:스케일|축|눈금|척도)?(?:로)?|log(?:arithmic)?[- ]?(?:scale|axis)?(?![a-z])",
    "dual": (
        r"이중\s?축|보조\s?축|두\s?개의\s?축|양쪽\s?축|dual[- ]?ax[ie]s|secondary axis|second(?: y)? axis|"
        r"two (?:y[- ])?axes"
    ),
    "3d": r"3\s?d(?![a-z])|3차원|입체|three[- ]dimensional",
    "truncated": (
        r"(?:축|y축)[을를이가]?\s*(?:0이\s*아닌|잘라|자르|끊어|0부터\s*시작하지)|(?:not|"
        r"don'?t) start(?:ing)? (?:the axis )?at (?:0|zero)|"
        r"truncat\w+ (?:the )?(?:y[- ])?axis|axis (?:start(?:ing|s)? |from )(?:at )?[1-9]\d*"
    ),
    "linear": r"로그\s?(?:스케일|축)?\s?(?:해제|빼|없이|말고)|linear scale|선형\s?(?:축|스케일)|no log|without log",
    "distribution": r"분포(?:도)?|distribut\w+|spread",
    "relation": r"관계|상관(?:관계)?|relationships?|related|correlat\w+|association",
    "compare": r"비교\w*|대비|compar\w+|versus|vs\.?(?![a-z])|against",
}
SORT_WORDS: dict[str, str] = {
    "name": r"(?:이름|가나다|알파벳|사전)\s?순(?:으로|서)?|alphabetical(?:ly)?|(?:by|in order of) name|a[- ]to[- ]z",
    "ascending": (
        r"오름\s?차순(?:으로)?|(?:낮은|작은|적은)\s?(?:순|것부터)(?:서|으로)?|ascending|smallest first|lowest first|"
        r"low to high"
    ),
    "descending": (
        r"내림\s?차순(?:으로)?|(?:높은|큰|많은)\s?(?:순|것부터)(?:서|으로)?|descending|largest first|highest first|high to low|"
        r"from (?:highest|largest)"
    ),
}
COLOR_WORDS = (
    r"colou?r(?:ed|ing|s)?(?:[- ]coded)?(?: (?:them|points|dots|it|bars|the \w+))?(?: by| for|"
    r" according to)?|hue(?: by)?|"
    r"색(?:상|깔)?(?:[은을으이]?로?)?\s?(?:구분)?"
)
FACET_WORDS = (
    r"small multiples?(?: of)?|facet(?:t?ed|s|ting)?(?: by)?|one (?:chart|panel|plot) (?:per|for each)|"
    r"separate(?: \w+)? (?:charts?|panels?|plots?)?(?: for| per| by)?(?: each)?|panels? (?:per|by|"
    r"for)|trellis|"
    r"소형\s?다중\w*|작은\s?다중\w*|스몰\s?멀티플\w*|패싯\w*|패널\w*|따로(?:따로)?|각각\s?나눠\w*|나눠서\s?각각"
)
_COUNT = rf"(\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
TOP_WORDS = (
    rf"(?:상위|탑|톱)\s*{_COUNT}(?:\s?(?:개|곳|명|가지|위))?(?:만)?|(?:the )?top[- ]{_COUNT}|(?:the )?{_COUNT} "
    r"(?:largest|biggest|best|highest|most \w+)|"
    rf"가장\s?(?:큰|많은|높은|잘\s?팔린|많이\s?팔린)[^,.]{{0,14}}?{_COUNT}\s?(?:개|곳|명|가지)|{_COUNT}위까지"
)
BOTTOM_WORDS = (
    rf"하위\s*{_COUNT}(?:\s?(?:개|곳|명|가지|위))?(?:만)?|(?:the )?bottom[- ]{_COUNT}|(?:the )?{_COUNT} "
    r"(?:smallest|lowest|worst|least \w+)|"
    rf"가장\s?(?:작은|적은|낮은|안\s?팔린)[^,.]{{0,14}}?{_COUNT}\s?(?:개|곳|명|가지)"
)
TITLE_WORDS = (
    r"(?:titled?|called|named|with (?:the )?title|title(?: it| to|:)?)\s*['\"“‘](?P<a>[^'\"”’]+)['\"”’]|"
    r"(?:change|set|make) the title (?:to|as)\s*['\"“‘]?(?P<b>[^'\"”’]+)['\"”’]?|"
    r"제목[은을이]?\s*['\"“‘](?P<c>[^'\"”’]+)['\"”’](?:으로|로|라고)?|제목[은을]?\s*(?P<d>[^,.'\"]+?)(?:으로|로|라고)\s*(?:해|바꿔|바꾸|변경|달아|써|붙여)|"
    r"['\"“‘](?P<e>[^'\"”’]+)['\"”’](?:이라는|라는)\s*제목"
)


def whole(words: str) -> "re.Pattern[str]":
    """A pattern for words that are not a part of a longer English word."""
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


def find_first(pattern: "re.Pattern[str]", text: str) -> Found:
    """Where the pattern first matches in `text`, as one span; empty when nowhere."""
    found = pattern.search(text)
    return (found.span(),) if found and found.end() > found.start() else ()


def blank(text: str, spans: Found) -> str:
    """The text with the spans replaced by bars of the same length, which no word matches."""
    for start, end in spans:
        text = text[:start] + "|" * (end - start) + text[end:]
    return text


def count_of(found: "re.Match[str]") -> int:
    """The number in a match of `TOP_WORDS` or `BOTTOM_WORDS`."""
    said = next(group for group in found.groups() if group)
    return int(said) if said.isdigit() else NUMBER_WORDS[said]
