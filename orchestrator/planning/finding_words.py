"""How people speak of what data may show: effects, trends, seasons, differences, people who stay or leave."""

from .concept import Concept, concept

_CHANGED_EN = (
    r"increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|ris(?:e|es|en|ing)|rose|fell|fall(?:en|ing)|"
    r"dropp?(?:ed|ing|s)?|go(?:ne|es|ing)? (?:up|down)|went (?:up|down)|(?:is|are|was|were) (?:up|down)|chang(?:e|es|ed|ing)|"
    r"slow(?:ed|ing) down|improv(?:e|es|ed|ing|ement)|worsen(?:s|ed|ing)?|moved|movement"
)
_CHANGED_KO = (
    r"증감|증가(?!율)|감소(?!율)|상승|하락|떨어|올랐|올라|늘었|늘어|줄었|줄어|달라졌|변했|변동|나아졌|나빠졌|좋아졌|개선|악화|"
    r"오르|내리|변하|움직"
)
_COMPARATIVES = (
    r"earlier|later|sooner|lighter|heavier|taller|shorter|longer|higher|lower|faster|slower|older|younger|larger|smaller|bigger|"
    r"better|worse|stronger|weaker|more|less|fewer|cheaper|dearer"
)
_YES_OR_NO = r"^(?:do|does|did|are|is|was|were)\b(?! there)"
_WHY_EN = r"why|caus(?:e|es|ed|ing)|reasons?|explains?(?! the varia)"
_WHY_KO = r"왜|원인|이유|까닭|때문"
_OF_OTHER_THINGS = (
    r"lower|higher|than|between|differ|compar|year|차이|비교|대비|보다|낮|높|많|적|지난|전년|작년|20\d\d|"
    r"quality|code|script|model|품질|코드|스크립트|모델"
)
CAUSE_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "reasons",
        "topic",
        "(?!)",
        rf"^(?=.*(?:\b(?:{_WHY_EN})\b|{_WHY_KO}))(?!.*(?:\b(?:{_CHANGED_EN})\b|{_CHANGED_KO}|{_OF_OTHER_THINGS}))",
    ),
    concept("cause", "topic", _WHY_EN, _WHY_KO),
)
"""Why something in the data happens at all, without a word for a change or a comparison, has a meaning of its own besides."""

FINDING_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "effect",
        "topic",
        r"(?:do|does|did) (?:the |our |more |free )*\w+ (?:\w+ )?(?:really |actually |even )?"
        r"(?:increase|raise|reduce|lower|improve|boost|help|hurt|lift|cut|change (?:the|our|how))\b|"
        r"(?:do|does|did) (?:the |our |this )?(?:\w+ ){1,2}work\b(?! (?:at|in|for|from|on))",
        r"(?:이|가|은|는) ?(?:\S+ )?\S+(?:을|를) ?(?:정말 |실제로 )?"
        r"(?:늘리|줄이|높이|낮추|올리|끌어올리|개선하)(?:나요|는가|는지|니|던가)|"
        r"(?:으면|하면|면|수록) [^?.]*(?:낮아지|높아지|줄어드|늘어나|좋아지|나아지|나빠지)(?:나요|는가|는지|니)",
    ),
    concept(
        "cohort",
        "topic",
        r"cohorts?|retention|retained|churn curves?|funnels?|drop(?:s|ped|ping)?[- ]?(?:offs?|out)\b|repeat purchases?|"
        r"(?:come|came|coming) back|returning (?:customers?|users?|visitors?|buyers?)",
        r"코호트|리텐션|유지율|잔존율|재구매율|재방문율|퍼널|"
        r"다시 ?(?:돌아오|돌아온|찾아오|찾는|방문하|구매하|사러)|되돌아오",
    ),
    concept(
        "season",
        "topic",
        r"season(?:al|ality|ally|s)?|time of (?:the )?year",
        r"계절(?:성|적|별)?|시즌|철마다",
    ),
    concept("change", "topic", _CHANGED_EN, _CHANGED_KO),
    concept(
        "trend",
        "topic",
        r"trends?|trending|season(?:al|ality|ally|s)?|patterns?|over time|evol(?:ve|ved|ution)|growth|grow(?:n|s|ing)?|grew|"
        r"cycl(?:es?|ical)|development|histor(?:y|ical|ically)|since \d+|over the (?:last|past|years)|fluctuat\w+|stable|"
        r"volatil\w+|year[- ](?:on|over)[- ]year",
        r"추세|추이|증가율|감소율|계절|패턴|변화|흐름|경향|주기|성장|역대|꾸준|동향|전년|동기 ?대비",
    ),
    concept(
        "test",
        "topic",
        r"significan(?:t|tly|ce)|hypothes(?:is|es)|t-?tests?|anova|p-?values?|differences?|differ(?:s|ently)?|"
        r"different (?:between|among|across|by|for|in)|"
        r"compar(?:e|ed|ing|isons?)|versus|vs|better than|worse than|between the (?:two|groups)|a/b|"
        r"equal|(?:do|are|is) \w+ \w+ \w* ?(?:more|less|better|\w+er than)|on average (?:more|less|"
        r"higher|lower)|confidence interval|statistically|"
        r"different from|the same (?:average|mean|median|rate|share|variance)|"
        r"(?=from before to after)|(?=before (?:and|vs|versus) after)|"
        r"(?:is|are|was|were|do|does)\b[^,.?;]{3,60}\b(?:more|less) likely (?:to|after|with|if|when|among)\b|"
        rf"{_YES_OR_NO}[^,.?;]{{3,70}}\b(?:{_COMPARATIVES})\b(?! than \d)[^,.?;]*\b(?:than|with)\b|"
        rf"^(?:do|does|did)\b[^,.?;]* (?:groups?|arms?|who|with|without|men|women)\b[^,.?;]*\b(?:{_COMPARATIVES})\b|"
        r"(?:difference|effect) (?:be )?(?:real|due to chance)|(?:by|just|only) chance",
        r"유의|검정|가설|차이|비교|대비|다른가|다른지|"
        r"(?:은|는) \S+(?:이|가) (?:정말 |실제로 )?더 ?(?:낮|높|많|적|크|큰|작|좋|나쁘|나쁜)(?:은|을)?(?:가요|나요|까요?|지|니)|"
        r"신뢰 ?구간|통계적|우연(?:은|이|인|일|히|에)|(?:치료|약|백신|처치|처방|개입|교육|훈련)\S* 효과가? ?(?:정말 |실제로 )?있",
    ),
)
