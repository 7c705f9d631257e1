"""Words that people use for kinds of work with data, in English and Korean.

This is knowledge of the two languages, not of any agent: a concept says that *draw*, *plot* and *그려* mean
one thing. Which skill that thing belongs to, the Agent Cards decide, whose texts are read with the same
lexicon.
"""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["task", "topic", "broad", "ask", "measure", "object", "noun"]


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning and the ways to say it.

    `kind`: a `task` is work to do, a `topic` what the work is about, `broad` an open-ended look, `ask` and
    `measure` are the parts of a question with one answer, `object` a thing worked on, `noun` a word of tables
    and business.
    """

    name: str
    kind: Kind
    pattern: re.Pattern[str]


def _concept(name: str, kind: Kind, english: str, korean: str) -> Concept:
    return Concept(name, kind, re.compile(rf"\b(?:{english})\b|(?:{korean})", re.IGNORECASE))


CONCEPTS: tuple[Concept, ...] = (
    _concept(
        "train",
        "task",
        r"(?:train|build|fit|creat|mak|develop|learn)(?:s|e|es|ing)?\b[^.,;]{0,40}\b(?:models?|"
        r"classifiers?|regressors?|predictors?)"
        r"|train(?:ing)?|classif(?:y|ier|iers|ication)|regress(?:ion|or)|machine[- ]learning|auto ?ml|"
        r"leaderboard|modell?ing",
        r"(?:모델|모형)(?:을|를|도)? ?(?:\S{1,6} )?(?:만들|만드|학습|구축|생성|훈련|개발|돌려|세워|짜)|"
        r"모델링|머신 ?러닝|기계 ?학습|학습(?:시켜|시키|해|하)|분류기"
        r"|(?:분류|회귀|예측) ?(?:모델|모형)|회귀|오토엠엘",
    ),
    _concept(
        "predict",
        "task",
        r"predict(?:s|ed|ing|ion|ions|ive)?|forecast(?:s|ed|ing)?|projections?|foresee|anticipat(?:e|ed|ing)"
        r"|next (?:\d+|few|two|three|six|twelve|month|quarter|year|week|season)s?|upcoming|"
        r"in the future|(?:likely|going) to",
        r"예측|전망|예상|예보|앞으로|향후|다음 ?(?:달|주|분기|해|\d+ ?(?:개월|달|주|일|년|분기|시간))|"
        r"내년|내달|미래|장래",
    ),
    _concept(
        "draw",
        "task",
        r"draw(?:s|ing|n)?|plot(?:s|ted|ting)?|charts?|graphs?|visuali[sz]\w*|histograms?|scatter|"
        r"heat ?maps?|box ?plots?|pie"
        r"|dashboards?|diagrams?|figures?|sparklines?|treemaps?",
        r"그려|그린|그릴|그려줘|그리(?:기|는|면|자)|(?<=[을를도로] )그리고|차트|그래프|시각화|"
        r"히스토그램|산점도|막대|꺾은선|히트맵|도표|플롯|대시보드|박스 ?플롯|파이 ?차트",
    ),
    _concept(
        "register",
        "task",
        r"regist(?:er|ering|ry)|mlflow|mlops|deploy(?:s|ed|ing|ment)?|promot(?:e|es|ing|ion)|champion|"
        r"model versions?|roll ?back"
        r"|(?:publish|version|save|store|log|track)(?:ing)? (?:the |this |my |a |"
        r"that )?(?:\w+ )?(?:model|run)s?",
        r"등록(?:해|하|시켜|을 ?부탁|까지|좀)|레지스트리|엠엘플로우|배포|승격|챔피언|모델(?:을|"
        r"를)? ?(?:\S{1,4} )?(?:버전|저장|올려|보관|관리)|롤백",
    ),
    _concept(
        "notebook",
        "task",
        r"(?:note ?books?|jupyter|ipynb|scripts?|source code|reproducib(?:le|ly)|pandas code|"
        r"python code|reproduc(?:e|es|ing)|code)",
        r"노트북|주피터|파이썬|스크립트|재현|코드(?:로|를|도)? ?(?:\S{1,4} )?(?:만들|작성|짜|생성|뽑|내|"
        r"보여|정리)",
    ),
    _concept(
        "stream",
        "task",
        r"stream(?:s|ed|ing)?|real[- ]?time|sliding|tumbling|rolling|windows?|windowed|live (?:data|"
        r"feed|events?|metrics?|monitoring)|replay",
        r"실시간|스트림|스트리밍|윈도우?|슬라이딩|텀블링|이동 ?평균|구간별|재생",
    ),
    _concept(
        "load",
        "task",
        r"load(?:s|ed|ing)?|import(?:s|ed|ing)?|ingest(?:s|ed|ing|ion)?|upload(?:s|ed|ing)?|read (?:in |"
        r"the |this |my )*(?:file|csv|data|excel|table|sheet)|parse",
        r"불러|적재|읽어|로드|업로드|가져와|가져오|들여와|수집",
    ),
    _concept(
        "eda",
        "task",
        r"eda|exploratory(?: data)?(?: analysis)?|statistical analysis",
        r"탐색적(?: ?데이터)?(?: ?분석)?|통계 ?분석",
    ),
    _concept(
        "quality",
        "topic",
        r"quality|clean(?:ed|ing|liness)?|valid(?:ate|ation|ity)|integrity|trust(?:worthy|ed)?|"
        r"reliab(?:le|ility)|dirty|messy|inconsisten(?:t|cy|cies)"
        r"|data (?:problems|issues|errors)|problems|completeness",
        r"품질|정합성|깨끗|검증|점검|무결성|클렌징|정제|지저분|더러|믿을|신뢰|일관성|완전성|오류|문제",
    ),
    _concept(
        "outlier",
        "topic",
        r"outl(?:ier|iers|ying)|anomal(?:y|ies|ous)|abnormal|extreme values?|suspicious|weird|"
        r"unusual(?:ly)?|strange|odd values?",
        r"이상치|이상값|이상한|이상 ?(?:징후|탐지|데이터|거래)|극단값|극단적|비정상|튀는|특이값|특이한",
    ),
    _concept(
        "missing",
        "topic",
        r"missing|nulls?|nan|empty (?:cells?|values?|fields?|rows?)|blanks?|incomplete|gaps",
        r"결측|누락|빈 ?(?:값|칸|셀|데이터)|비어|널 ?값|빠진",
    ),
    _concept(
        "duplicate", "topic", r"duplicat(?:e|es|ed|ion)|dedup\w*|repeated (?:rows|records)", r"중복|겹치는"
    ),
    _concept(
        "correlation",
        "topic",
        r"correlat(?:e|es|ed|ion|ions)|relationships?|related|associat(?:ed|ion|ions)|influenc(?:e|es|"
        r"ed|ing)|affect(?:s|ed|ing)?|drivers?|driv(?:e|es|ing)|impact|factors?"
        r"|why|causes?|root causes?|reasons?|explains?",
        r"상관|관계|연관|영향|요인|좌우|왜|원인|이유|까닭",
    ),
    _concept(
        "distribution",
        "topic",
        r"distribut(?:ed|ion|ions)|spread|skew(?:ed|ness)?|varianc(?:e|es)|descriptive|statistics|"
        r"summary stat(?:s|istics)|quartiles?|standard deviations?",
        r"분포|통계|분산|편차|왜도|사분위",
    ),
    _concept(
        "trend",
        "topic",
        r"trends?|trending|season(?:al|ality)|patterns?|over time|evol(?:ve|ved|ution)|growth|cycl(?:e|"
        r"es|ical)",
        r"추세|추이|계절|패턴|변화|흐름|경향|주기|증감",
    ),
    _concept(
        "test",
        "topic",
        r"significan(?:t|tly|ce)|hypothes(?:is|es)|t-?tests?|anova|p-?values?|differences?|differ|"
        r"compar(?:e|ed|ing|ison) (?:the )?(?:groups|segments)",
        r"유의|검정|가설|차이",
    ),
    _concept(
        "analyse",
        "broad",
        r"analy[sz](?:e|es|ed|ing)|analys[ie]s|analytics|explor(?:e|es|ing|ation)|insights?|examine|"
        r"investigate|understand|dig into|key findings",
        r"분석|인사이트|살펴|들여다|시사점|파악|탐색|알 수 있",
    ),
    _concept(
        "look",
        "broad",
        r"look(?:ing)? (?:at|into|through|over)|tell me about|what(?:'s| is) in|what can (?:you|we|"
        r"i) (?:see|learn|say|tell|find)|walk me through"
        r"|interesting|study|report on",
        r"훑어|봐 ?(?:줘|주)|알아봐",
    ),
    _concept(
        "overview",
        "broad",
        r"overview|summar(?:y|i[sz]e|i[sz]es|i[sz]ing)|full|complete|comprehensive|overall|in general|"
        r"big picture|reports?|everything|end[- ]to[- ]end",
        r"개요|전반|종합|전체적|전체|보고서|리포트|요약|총정리|한눈에|특징|정리",
    ),
    _concept(
        "ask",
        "ask",
        r"which|what|who|whose|whom|how (?:many|much|often|long|big)|where|when",
        r"어느|어떤|어디|무엇|무슨|뭐|뭔|누구|누가|얼마|몇|언제|인가요|입니까|인지|나요|는지|은지|"
        r"이야\?|니\?|어\?",
    ),
    _concept(
        "measure",
        "measure",
        r"most|least|highest|lowest|max(?:imum)?|min(?:imum)?|top|bottom|best|worst|largest|smallest|"
        r"biggest|average|mean|median|total|sum|counts?|number of"
        r"|percent(?:age)?|share|proportion|ratio|more than|less than|at least|cheapest|"
        r"(?:most )?expensive|rank(?:s|ed|ing)?|fewest|oldest|youngest|longest",
        r"가장|최대|최소|최고|최저|최다|많이|많은|많았|적은|적게|높은|높았|낮은|낮았|평균|합계|총|개수|"
        r"건수|명수|몇|비율|비중|순위|상위|하위|중앙값|제일|이상인|이하인|베스트|누적",
    ),
    _concept("model", "object", r"models?", r"모델|모형"),
    _concept(
        "table",
        "noun",
        r"data ?sets?|data|tables?|files?|csv|excel|spreadsheets?|sheets?|columns?|fields?|rows?|"
        r"records?|values?|variables?|numbers|metrics?",
        r"데이터 ?셋|데이터|자료|파일|테이블|표|엑셀|시트|컬럼|칼럼|변수|레코드|필드|지표|수치|값",
    ),
    _concept(
        "time",
        "noun",
        r"dai?ly|days?|weekly|weeks?|monthly|months?|quarterly|quarters?|yearly|years?|annual(?:ly)?|"
        r"hourly|hours?|minutes?|dates?|timestamps?|weekdays?|20\d\d",
        r"일별|일자|주별|주간|월별|월간|분기|연도|연간|년도|시간대|요일|날짜|시간|분 ?단위|20\d\d년?",
    ),
    _concept(
        "business",
        "noun",
        r"sales?|sold|sell(?:s|ing)?|revenues?|profits?|margins?|orders?|customers?|clients?|users?|"
        r"products?|items?|categor(?:y|ies)|regions?|countr(?:y|ies)|cit(?:y|ies)|stores?"
        r"|branch(?:es)?|prices?|costs?|quantit(?:y|ies)|units?|discounts?|churn(?:ed|ing|s)?|"
        r"purchases?|transactions?|payments?|segments?|demand|inventory|stock|employees?|salar(?:y|ies)|"
        r"ages?"
        r"|gender|income|spending|satisfaction|ratings?|returns?|suppliers?|deliver(?:y|ies)|brands?|"
        r"departments?",
        r"매출|판매|팔린|팔았|팔렸|수익|이익|마진|주문|고객|사용자|회원|제품|상품|품목|카테고리|지역|"
        r"국가|도시|매장|지점|가격|단가|비용|수량|할인|이탈|구매|거래|결제|세그먼트|수요|재고"
        r"|직원|급여|나이|연령|성별|소득|지출|만족도|평점|반품|공급|배송|브랜드|부서|대리점|점포",
    ),
)

KIND_OF: dict[str, Kind] = {concept.name: concept.kind for concept in CONCEPTS}
OVERVIEW_FACETS = ("quality", "eda", "draw")
"""An open-ended look at data means: can it be trusted, what is in it, and show it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the lexicon reads it: the names of its concepts, and the text with those words taken out."""

    concepts: frozenset[str]
    rest: str

    def kinds(self) -> set[Kind]:
        """The kinds of its concepts."""
        return {KIND_OF[concept] for concept in self.concepts}


def read(text: str) -> Reading:
    """The concepts of a text. Task words are taken out first, so that a word counts once, for its most telling sense."""
    rest = text.lower()
    found = set()
    for concept in CONCEPTS:
        if concept.pattern.search(rest):
            found.add(concept.name)
            if concept.name not in ("train", "ask"):
                rest = concept.pattern.sub(" ", rest)
    rest = next(c for c in CONCEPTS if c.name == "train").pattern.sub(" ", rest)
    rest = next(c for c in CONCEPTS if c.name == "ask").pattern.sub(" ", rest)
    return Reading(frozenset(found), rest)
