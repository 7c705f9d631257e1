"""The words by which people ask for a form of chart, in English and Korean; the first form that matches is meant."""

import re

from .vocabulary import Found, find_first

# The order matters: what is more particular comes first, and `share` (100 %) before the plain `stacked`.
FORM_WORDS: dict[str, str] = {
    "correlation": r"correlation (?:heat ?map|matrix|plot|chart)|상관\s*(?:관계\s*)?(?:히트맵|행렬|매트릭스)",
    "calendar": r"calendar(?: heat ?map| chart| view| plot)?|달력\s*(?:히트맵|그래프|차트|형태)?|캘린더\s*(?:히트맵|차트)?",
    "treemap": r"tree ?maps?(?: chart)?|트리\s*맵",
    "heatmap": r"heat ?maps?|히트\s*맵|열지도",
    "map": r"(?:geo(?:graphic)? ?)?\bmap\b(?: chart| plot)?|on a map|지도",
    "pareto": r"pareto(?: charts?| diagram)?|파레토\s*(?:차트|그래프|도)?",
    "waterfall": r"waterfall(?: charts?)?|bridge chart|폭포(?:수)?\s*(?:차트|그래프)?|워터폴\s*(?:차트|그래프)?",
    "sankey": (
        r"sankey(?: diagrams?| charts?)?|flow diagram|alluvial|생키\s*(?:다이어그램|차트|그래프)?|샌키\s*(?:다이어그램|"
        r"차트)?"
    ),
    "funnel": r"funnels?(?: charts?)?|퍼널\s*(?:차트|그래프)?|깔때기\s*(?:차트|그래프)?",
    "candlestick": (
        r"candle ?sticks?(?: charts?)?|candle charts?|ohlc(?: charts?)?|캔들\s*(?:스틱|차트)?\s*(?:차트|그래프)?|"
        r"봉\s?차트"
    ),
    "dumbbell": r"dumb-?bells?(?: charts?| plots?)?|덤벨\s*(?:차트|그래프)?|아령\s*(?:차트|그래프)?",
    "slope": r"slope ?(?:charts?|graphs?|plots?)|기울기\s*(?:그래프|차트)|슬로프\s*(?:그래프|차트)?",
    "lollipop": r"lollipops?(?: charts?| plots?)?|롤리팝\s*(?:차트|그래프)?|막대사탕\s*(?:차트|그래프)?",
    "kpi": (
        r"\bkpis?\b|single number|big number|one number|scorecard|gauge(?: chart)?|게이지|스코어카드|큰 숫자|"
        r"숫자\s?(?:하나|카드)"
    ),
    "violin": r"violins?(?: plots?| charts?)?|바이올린\s*(?:플롯|차트|그래프|그림)?",
    "box": (
        r"box[- ]?(?:and[- ]whiskers? )?(?:plots?|charts?|graphs?)|boxes\b|박스\s*(?:플롯|차트|그래프)|"
        r"상자\s*(?:수염)?\s*(?:그림|그래프|차트)"
    ),
    "histogram": r"histograms?|히스토그램|도수\s*분포(?:표|도)?",
    "scatter": (
        r"scatter ?(?:plots?|charts?|graphs?|diagrams?)?|bubble charts?|dot cloud|산점도|산포도|스캐터\s*(?:플롯|차트)?|"
        r"점\s?그래프|점으로 찍|분산형\s*(?:차트|그래프)?"
    ),
    "pie": (
        r"pie(?: charts?| graphs?)?|dough?nuts?(?: charts?)?|원\s?그래프|원형\s*(?:차트|그래프)|파이\s*(?:차트|그래프)?|"
        r"도넛\s*(?:차트|그래프)?"
    ),
    "share": (
        r"100 ?% ?(?:stacked )?(?:stacked|bars?|columns?|areas?)(?: (?:bars?|charts?))*|"
        r"percent(?:age)?[- ]stacked(?: bars?)?|"
        r"normali[sz]ed (?:stacked )?bars?|100\s?%\s*(?:누적)?\s*(?:막대|영역)?\s*(?:그래프|차트)?"
    ),
    "grouped": (
        r"(?:grouped|clustered|side[- ]by[- ]side|dodged) (?:bars?|columns?)(?: (?:charts?|graphs?))?|"
        r"(?:그룹|묶음|집단|묶은|나란히)\s*(?:형)?\s*막대\s*(?:그래프|차트)?"
    ),
    "area": (
        r"(?:stacked )?areas? (?:charts?|graphs?|plots?)|stacked areas?|as (?:an )?areas?|"
        r"(?:누적\s*)?(?:영역|면적)\s*(?:형)?\s*(?:그래프|차트)|"
        r"영역으로|면적으로"
    ),
    "stacked": (
        r"stacked (?:bars?|columns?)?(?: ?(?:charts?|graphs?))?|stack them|누적\s*(?:형)?\s*(?:세로|"
        r"가로)?\s*막대\s*(?:그래프|차트)?|"
        r"누적\s*(?:그래프|차트)|쌓은\s*막대\s*(?:그래프|차트)?|쌓아"
    ),
    "line": (
        r"lines?(?: ?(?:charts?|graphs?|plots?))?|선\s?(?:그래프|차트|형)|선으로|꺾은\s*선\s*(?:그래프|차트|형)?|"
        r"(?<![가-힣])라인\s?(?:차트|그래프|으로)"
    ),
    "bar": (
        r"(?:horizontal |vertical )?(?:bars?|columns? (?:chart|graph))(?: ?(?:charts?|graphs?|plots?))?|"
        r"(?:가로|세로)?\s*막대\s*(?:그래프|차트|형)?|바\s?(?:차트|그래프)"
    ),
}
_PATTERNS = {
    form: re.compile(rf"(?<![a-z])(?<!by )(?<!per )(?:{words})(?![a-z])")
    for form, words in FORM_WORDS.items()
}


def form_in(text: str) -> tuple[str | None, Found]:
    """The form that lower-case `text` asks for, and where its words stand (empty when it asks for none)."""
    for form, pattern in _PATTERNS.items():
        found = find_first(pattern, text)
        if found:
            return form, found
    return None, ()
