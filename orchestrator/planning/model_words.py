"""How people speak of a model that is there already: giving it new rows, and having it explained."""

from .concept import Concept, concept

_FILE = r"[\w.-]+\.(?:csv|tsv|xlsx?|parquet|jsonl?)"

MODEL_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "interpret",
        "task",
        r"(?:explain|interpret|understand|audit|describe)(?:s|ed|ing)? (?:how |why |what )?(?:the |this |that |my |our |your )?"
        r"(?:\w+ ){0,2}(?:model|classifier|predictions?)(?:'s)?(?: \w+)?|model cards?|shap(?:ley)?(?: values?)?|"
        r"(?:permutation|feature|variable) importances?|importance of (?:the )?features|partial dependence|pdps?|ice plots?|"
        r"(?:how|why|where|when) (?:does|did|do|is|was) (?:the|this|that|my|our) (?:\w+ )?(?:model|classifier)"
        r"(?: (?:predict|decid|scor|classif|err|fail|work|go wrong)\w*)?|"
        r"what (?:drives|drove|matters? (?:most )?(?:to|for|in)) (?:the|this|that|my|our) (?:\w+ )?(?:model|predictions?)|"
        r"(?:is|are) (?:the|this|that|my|our|its|their) (?:\w+ )?(?:model|classifier|predictions?|probabilit(?:y|ies)) "
        r"(?:fair|biased|unfair|calibrated|trustworthy|reliable|well)\w*|fairness|calibrat(?:ion|ed)|reliability curve|"
        r"(?:weak|blind) (?:segments?|spots?)|(?:decision|classification|probability|best|optimal|right|cheapest) "
        r"(?:threshold|cut-?off)|false (?:alarms?|positives?|negatives?)|"
        r"(?:features?|variables?|columns?|inputs?|factors?) (?:\w+ ){0,3}(?:matters?|important|count)(?: \w+){0,2} "
        r"(?:to|for|in) (?:the|this|that|my|our) (?:\w+ )?(?:model|classifier|predictions?)|"
        r"why (?:was|is|did) (?:this|that|the|row|customer) (?:\w+ ){0,3}predicted",
        r"(?:모델|모형|분류기)(?:을|를|이|가|은|는|의)? ?(?:\S{1,8} ){0,3}?(?:설명해|설명하|설명 ?좀|설명을|해석|"
        r"공정|불공|공평|차별|편향|보정|약점|약한|틀리|틀려|못 ?맞|잘못 ?예측)\S*|모델 ?카드|모형 ?카드|샤플리|섀플리|"
        r"(?:변수|특성|피처) ?(?:별 ?)?중요도|"
        r"(?:변수|특성|피처|요인)(?:가|이) (?:예측|모델)에 (?:가장 )?중요\S*|"
        r"부분 ?의존|공정성|공정한지|신뢰도 ?곡선|보정 ?곡선\S*|"
        r"(?:예측 ?)?확률(?:이|의)? ?(?:잘 )?보정(?: ?곡선\S*)?|"
        r"(?:판단|분류|결정|최적|확률)의? ?(?:임계값|임계치|기준값|컷오프)|"
        r"임계값을 ?(?:정|골라|추천|선택)\S*|오탐|미탐|놓치면|왜 (?:그렇게|이렇게) 예측\S*|예측(?:한|된|의)? ?(?:이유|근거)|"
        r"모델이 (?:왜|어디서|어느|어떤)(?:(?: \S{1,8}){0,2}? ?(?:예측|판단|틀리|틀려|틀렸)\S*)?",
    ),
    concept(
        "score_rows",
        "task",
        r"(?:apply|use|run|take|try)(?:ing)? (?:the |this |that |my |our |your )?(?:\w+ ){0,3}model (?:on|to|for|with)|"
        r"(?:with|using|by|through) (?:the|this|that|my|our|your) (?:\w+ ){0,3}model|"
        r"(?:score|predict|classify)(?:s|ing)? (?:the |these |this |those |all )?(?:new|unseen|fresh|other|second|next batch of) "
        r"(?:\w+ )?(?:data|rows?|records?|file|customers?|list|batch|cases|entries|users|applicants|people|table)|"
        rf"(?:score|predict|classify)(?:s|ing)? (?:the )?(?:rows (?:of|in) )?{_FILE}|"
        r"score (?:the|these|this|my|our|those) \w+|"
        r"(?:use|apply|run|try) (?:it|that|this) (?:on|to|for)|batch (?:scoring|predictions?)|"
        r"inference|scoring",
        r"(?:이(?!전)|그|저|위|방금|아까|학습한|학습된|만든|만들어진|훈련한|훈련된|저장된|앞의)[ ]?(?:\S{1,4} )?(?:모델|모형)"
        r"(?:로|으로|을 ?(?:써|이용|사용|적용)\S*|을 ?(?=\S* ?(?:적용|돌려)))|"
        r"모델(?:을|를)? ?(?:\S{1,7} ){0,3}?적용\S*|스코어링|점수(?:를)? ?매겨|"
        rf"{_FILE}(?:을|를|에 ?대해서?) ?(?:\S{{1,4}} )?예측",
    ),
)
