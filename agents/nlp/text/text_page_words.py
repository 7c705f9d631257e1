"""The words of the page about texts, in English and Korean."""

from mesh.pages.labels import Words

_METHOD_EN = (
    "Sentiment: English by VADER (a text of several sentences as their mean), Korean by a lexicon over "
    "morphemes with negation, degree and contrast; within ±0.05 is neutral. It errs on irony and on what only "
    "the reader knows. Shares have Wilson intervals. Keywords: mean TF-IDF. Topics: non-negative factors of "
    "TF-IDF, as many as are most coherent, diverse and covering. Sentences: LexRank. Personal data in quotes "
    "is replaced by its kind. Nothing is random."
)
_METHOD_KO = (
    "감성은 영어는 VADER(여러 문장이면 문장 평균), 한국어는 형태소 기반 감성 사전에 부정·강조·역접 규칙을 "
    "적용해 판단하며 ±0.05 이내는 중립입니다. 반어나 맥락을 알아야 하는 글은 틀릴 수 있습니다. 비율의 구간은 "
    "윌슨 구간, 키워드는 평균 TF-IDF, 주제는 TF-IDF의 비음수 인수분해로 응집도·다양성·포괄도가 가장 높은 "
    "개수를 골랐고, 대표 문장은 LexRank로 골랐습니다. 인용문의 개인정보는 종류 표시로 바꾸었습니다. 무작위 "
    "요소는 없습니다."
)

WORDS: Words = {
    "eyebrow": ("Text analysis", "텍스트 분석"),
    "column": ("Column", "열"),
    "texts": ("Texts", "글"),
    "empty": ("Empty", "빈 값"),
    "overview": ("Overview", "요약"),
    "languages": ("Languages", "언어"),
    "sentiment": ("Sentiment", "감성"),
    "positive": ("Positive", "긍정"),
    "negative": ("Negative", "부정"),
    "share": ("Share", "비율"),
    "interval": ("95 % interval", "95% 신뢰구간"),
    "speak_positive": ("What positive texts speak of more", "긍정적인 글에 더 자주 나오는 말"),
    "speak_negative": ("What negative texts speak of more", "부정적인 글에 더 자주 나오는 말"),
    "say_positive": ("Positive sentences that stand for others", "긍정적인 대표 문장"),
    "say_negative": ("Negative sentences that stand for others", "부정적인 대표 문장"),
    "word": ("Word", "말"),
    "here": ("Texts here", "해당 글"),
    "elsewhere": ("Other texts", "다른 글"),
    "groups": ("By group", "그룹별"),
    "words": ("Words used more", "더 자주 쓰는 말"),
    "chance": (
        "The differences between these groups may be chance (chi-squared test, corrected for several groupings).",
        "이 그룹들의 차이는 우연일 수 있습니다(카이제곱 검정, 그룹 기준 수만큼 보정).",
    ),
    "no_chance": (
        "The differences are larger than chance explains (chi-squared test, corrected for several groupings).",
        "차이가 우연으로 설명되는 것보다 큽니다(카이제곱 검정, 그룹 기준 수만큼 보정).",
    ),
    "untested": ("Too few texts for a test of the differences.", "글이 적어 차이를 검정하지 않았습니다."),
    "time": ("Over time", "기간별"),
    "time_chart": ("Negative and positive share per period", "기간별 부정·긍정 비율"),
    "band": ("The band is the 95 % interval of the negative share.", "띠는 부정 비율의 95% 신뢰구간입니다."),
    "period": ("Period", "기간"),
    "topics": ("Topics", "주제"),
    "topic": ("Topic", "주제"),
    "coherence": ("Coherence", "응집도"),
    "unassigned": ("Texts about none of these topics", "어느 주제에도 속하지 않는 글"),
    "keywords": ("Keywords", "키워드"),
    "quotes": ("In their own words", "원문 인용"),
    "row": ("row", "행"),
    "similar": ("Repeated texts", "반복된 글"),
    "size": ("Texts", "글"),
    "first_rows": ("First rows", "첫 행들"),
    "text": ("Text", "내용"),
    "exactly": ("exactly", "똑같음"),
    "nearly": ("nearly", "거의 같음"),
    "alike": ("Alike", "일치"),
    "patterns": ("Links, dates, sums and codes", "링크·날짜·금액·코드"),
    "kind": ("Kind", "종류"),
    "frequent": ("Most frequent", "자주 나온 값"),
    "method": ("How it was read", "읽은 방법"),
    "method_text": (_METHOD_EN, _METHOD_KO),
}
