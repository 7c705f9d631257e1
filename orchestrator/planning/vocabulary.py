"""The vocabulary of work with data, in English and Korean.

This is knowledge of the two languages, not of any agent: a concept says that *draw*, *plot* and *그려* mean
one thing. Which skill that thing belongs to, the Agent Cards decide, whose texts are read with the same
vocabulary.
"""

from .code_words import CODE_CONCEPTS
from .concept import Concept, Kind, concept
from .finding_words import CAUSE_CONCEPTS, FINDING_CONCEPTS
from .joining_words import JOINING_CONCEPTS
from .model_words import MODEL_CONCEPTS
from .registry_words import REGISTRY_CONCEPTS
from .serving_words import SERVING_CONCEPTS
from .stream_words import STREAM_CONCEPTS
from .text_words import TEXT_CONCEPTS

CONCEPTS: tuple[Concept, ...] = (
    *SERVING_CONCEPTS,
    *MODEL_CONCEPTS,
    concept(
        "train",
        "task",
        r"(?:train|build|fit|creat|mak|develop|learn)(?:s|e|es|ing)?\b[^.,;]{0,40}\b(?:models?|"
        r"classifiers?|regressors?|predictors?)"
        r"|(?:build|mak|creat|develop)(?:e|es|ing)?\b[^.,;]{0,20}\b(?:that|which|to) (?:can )?(?:flag|detect|spot|predict|"
        r"recogni[sz]e|tell)s?\b"
        r"|\b(?:need|want|require)\b[^.,;]{0,20}\b(?:model|classifier)|(?<!the )(?<!a )train(?:ing)?|"
        r"classif(?:y|ier|"
        r"iers|ication)|regress(?:ion|or)|machine[- ]learning|auto ?ml|"
        r"leaderboard|modell?ing",
        r"(?:모델|모형)(?:을|를|도)? ?(?:\S{1,6} )?(?:만들|만드|학습|구축|생성|훈련|개발|돌려|세워|짜|"
        r"필요|있으면)|모델(?:이|은)? ?(?:필요|있으면)|"
        r"모델링|머신 ?러닝|기계 ?학습|학습(?:시켜|시키|해|하)|분류기"
        r"|(?:분류|회귀|예측) ?(?:모델|모형)|회귀|오토엠엘",
    ),
    concept(
        "predict",
        "task",
        r"predict(?:s|ed|ing|ion|ions|ive)?|forecast(?:s|ed|ing)?|projections?|"
        r"project(?:s|ed|ing)? (?:\w+ ){1,4}(?:through|until|into|for|over|to) (?:the )?(?:next|end|\d|jan|feb|mar|apr|may|"
        r"jun|jul|aug|sep|oct|nov|dec|year|summer|winter|spring|autumn)\w*|"
        r"foresee|anticipat(?:e|ed|ing)"
        r"|next (?:\d+|few|two|three|six|twelve|month|quarter|year|week|season)s?|upcoming|"
        r"in the future|(?:(?<!more )(?<!less )likely|going) to|(?:which|who)\b[^,.?]*\b(?:more|less) likely to|"
        r"likelihood|probabilit(?:y|ies)|how will|what will|"
        r"(?:coming|following) (?:days|weeks|months|quarters|years)|estimate (?:how|the|future)|outlook|"
        r"will (?:we|i|they|it) (?:need|sell|have|earn|make|get|reach|be)|"
        r"probably|might|expect(?:ed|s)? (?:to|for|in)|extrapolat\w+|simulate|by (?:the )?end of",
        r"예측|전망|예상|예보|앞으로|향후|다음 ?(?:달|주|분기|해|\d+ ?(?:개월|달|주|일|년|분기|시간))|"
        r"내년|내달|미래|장래|확률|가능성|추정|(?:팔릴|오를|내릴|늘어날|줄어들|떨어질|떠날|이탈할)까|"
        r"맞히|맞추|판별|예견|얼마나 될|할 것 같|일 것 같",
    ),
    concept(
        "draw",
        "task",
        r"draw(?:s|ing|n)?|plot(?:s|ted|ting)?|charts?|graphs?|visuali[sz]\w*|histograms?|scatter|"
        r"heat ?maps?|box ?plots?|pie"
        r"|diagrams?|figures?|sparklines?|treemaps?|"
        r"bars?|curves?|stacked|visual(?:ly)?|picture|infographic|map of",
        r"그려|그린|그릴|그려줘|그리(?:기|는|면|자)|(?<=[을를도로] )그리고|차트|그래프|시각화|"
        r"히스토그램|산점도|막대|꺾은선|히트맵|도표|플롯|박스 ?플롯|파이 ?차트|"
        r"그림|나타내|도식|도형|산포도|곡선|지도에|시각적",
    ),
    *JOINING_CONCEPTS,
    *TEXT_CONCEPTS,
    concept(
        "dashboard",
        "task",
        r"dashboards?",
        r"대시 ?보드|대쉬 ?보드|현황판",
    ),
    *REGISTRY_CONCEPTS,
    *CODE_CONCEPTS,
    *STREAM_CONCEPTS,
    concept(
        "drift",
        "task",
        r"drift(?:s|ed|ing)?|psi|population stability|(?:distribution(?:al)?|covariate|population|schema|"
        r"data) (?:shifts?|shifted)"
        r"|shift(?:s|ed)? (?:in|of) (?:the )?(?:distributions?|data)|schema chang(?:e|es|ed)"
        r"|(?:has|have|did|does|is) (?:the|my|our|this) (?:data|dataset|distribution)s? (?:\w+ )?(?:chang|shift|differ|mov)\w*"
        r"|distribut(?:ions?|ed) (?:\w+ ){0,4}(?:shift(?:s|ed)?|still the same|like the (?:old|previous|reference|training))"
        r"|(?:chang(?:e|es|ed)|differs?|different|deviates?|moved away) (?:\w+ ){0,2}(?:from|since|to|with|against) (?:the )?"
        r"(?:old|previous|earlier|reference|training|baseline) (?:\w+ )?(?:data|files?|datasets?|batch|version|snapshot)",
        r"드리프트|psi(?=[가-힣])|분포(?:가|는|의|에|도)? ?(?:\S+ )?(?:변화|달라졌|달라진|바뀌|바뀐|변했|변한|이동)|"
        r"스키마(?:가|의)? ?(?:변화|변경|바뀌|달라)|"
        r"(?:예전|이전|기존|지난|기준|학습) ?(?:달 ?|주 ?|분기 ?|번 ?)?(?:데이터|파일|자료)\S* ?(?:\S+ ){0,2}"
        r"(?:달라졌|달라진|다른지|바뀌|변했|같은지)",
    ),
    concept(
        "repair",
        "task",
        r"clean(?:s|ing)?(?= (?:up|the|this|that|my|our|it|them|all|any|these|those|messy|dirty)\b)|cleans(?:e|es|"
        r"ing)|clean[- ]?up|"
        r"(?:^|and |then |please )clean (?:data(?! quality)|and)|scrub(?:bing)?|tidy(?:ing)?(?: up)?|de-?dup\w*|"
        r"imput(?:e|es|ed|ing|ation)|"
        r"winsori[sz]e|(?:fix(?:es|ing)?|repair(?:s|ing)?|mend(?:ing)?)(?= (?:\w+ ){0,3}(?:data\w*|tables?|files?|"
        r"columns?|rows?|cells?|"
        r"records?|values?|errors?|typos?|mistakes?|spell\w*|formats?|types?|dates?|names?|problems?|issues?|inconsisten\w*)\b)|"
        r"fill(?:s|ing)?(?: in| up| out)?(?: (?:the |all |any )?(?:missing|empty|blank)(?: values?| cells?| fields?)?)?|"
        r"interpolat(?:e|es|ing)|"
        r"(?:correct|replace|repair|handle|treat|clip|cap)(?:ing)? (?:the |all |any |these |every )?"
        r"(?:errors?|typos?|mistakes?|missing|nulls?|blanks?|outliers?|wrong|invalid|spellings?|bad|impossible|empty)|"
        r"(?:standardi[sz]|normali[sz]|harmoni[sz]|unif)(?:e|es|y|ing) (?:the |all |these )?(?:\w+ )?"
        r"(?:spellings?|formats?|units?|names?|labels?|categor\w+)|"
        r"(?:(?:remov|drop|delet|eliminat|strip|discard|throw)(?:e|es|ing|ping)?|get rid of) (?:out |away )?(?:\w+ ){0,3}?"
        r"(?:duplicat\w*(?: (?:lines?|rows?|records?|entries))?|outliers?|nulls?|missing|blanks?|empty|invalid|repeated|"
        r"incomplete|bad|broken|them)",
        r"(?:결측|빈 ?값|빈 ?칸|누락|공란)\S* (?:\S+로 )?(?:채워|채우|대체|보간)|정제(?:해|하|를|된|한|후|작업)|"
        r"클렌징|클리닝|전처리|보간|보정|바로잡|고쳐|고치|손질|채워 ?(?:줘|주|넣|라|서)|채우|"
        r"(?:데이터|자료|파일|표)(?:를|을)? ?(?:깨끗하게|깨끗이|청소|말끔)|"
        r"(?:지저분|더러|엉망)\S* (?:\S+ ){0,2}?(?:정리|손봐|손보|다듬)\S*|"
        r"(?:중복|이상치|이상값|결측|빈 ?값|빈 ?칸|널|누락|공란|오류|오타|불량|잘못된|비어 ?있는)\S* ?(?:\S{1,4} )?"
        r"(?:제거|삭제|지워|지우|없애|걸러|처리|대체|수정|교정|합쳐)|표기\S* ?(?:통일|맞춰|맞추|하나로)",
    ),
    concept(
        "conform",
        "task",
        r"validat(?:e|es|ed|ing)(?=\b[^.;]{0,50}\b(?:against|schema|rules?|constraints?|contract|expectations)\b)|"
        r"conform(?:s|ing|ance)?|compl(?:y|ies|iance|iant)|violat\w+|adheres?|(?:satisf(?:y|ies)|meets?|breaks?|breaking|broke)"
        r"(?= (?:\w+ ){0,2}(?:rules?|constraints?|schema|contract|expectations)\b)|pass(?:es)?"
        r"(?= (?:\w+ ){0,2}(?:checks|rules|constraints|validation)\b)|check(?:s|ed|ing)?(?= (?:\w+ ){0,4}against\b)",
        r"위반|준수|부합|(?=(?:스키마|규칙|제약|계약)\S* (?:\S+ ){0,3}(?:맞는지|맞나|지키|지켜|검증|검사|어긋|어기|통과|만족))",
    ),
    concept(
        "contract",
        "task",
        r"constraints?|data contracts?|expectations|(?:validation|data|business|quality) rules|schemas?|pandera|invariants?|"
        r"(?:suggest|infer|deriv|propos|learn|writ|recommend)(?:e|es|ing)? (?:\w+ ){0,3}rules|"
        r"rules (?:\w+ ){0,2}(?:data|file|table)",
        r"제약|스키마|데이터 ?계약|(?:검증|데이터|비즈니스|품질) ?규칙|규칙\S* ?(?:제안|추천|뽑|만들|생성|도출|정리|"
        r"위반|맞)|판데라|"
        r"위반|규칙(?=(?:을|에|대로))",
    ),
    concept(
        "load",
        "supply",
        r"(?:reach|access) (?:the|my|our|this) (?:\w+ )?(?:database|db|server|bucket|api|connection)|"
        r"load(?:s|ed|ing)?|import(?:s|ed|ing)?|ingest(?:s|ed|ing|ion)?|upload(?:s|ed|ing)?|read (?:in |"
        r"the |this |my )*(?:file|csv|data|excel|table|sheet)|parse",
        r"(?:db|디비|데이터 ?베이스|서버|버킷)(?:에|가|와|에는)? ?(?:연결|접속|접근)\S*|"
        r"불러|적재|읽어|로드|업로드|가져와|가져오|들여와|수집",
    ),
    concept(
        "schema",
        "topic",
        r"(?:which|what|list(?: of)?(?: the| all)?|names? of the) columns"
        r"(?= (?:it|there|the (?:file|table|data)|does|are there|do)\b|\W*$)|"
        r"column (?:names|list|types)|the columns of the (?:data|file|table)|schema|data types?|dtypes?|sheet names",
        r"(?:열|컬럼|칼럼)(?:의)? ?(?:목록|이름|리스트|구성)|(?:어떤|무슨) ?(?:열|컬럼|칼럼)(?:이|들)|"
        r"컬럼명|자료형|데이터 ?타입|스키마(?! ?변)",
    ),
    concept(
        "eda",
        "task",
        r"eda|exploratory(?: data)?(?: analysis)?|statistical analysis",
        r"탐색적(?: ?데이터)?(?: ?분석)?|통계 ?분석",
    ),
    concept(
        "quality",
        "topic",
        r"quality|clean(?:ed|ing|liness)?|valid(?:ate|ation|ity)|integrity|trust(?:worthy|ed)?|"
        r"reliab(?:le|ility)|dirty|messy|inconsistenc(?:y|ies)"
        r"|data (?:problems|issues|errors)|problems|completeness|(?:in)?consistent(?:ly)?|spell(?:ed|"
        r"ing|ings)|typos?|wrong|errors?|mistakes?|"
        r"corrupt(?:ed)?|broken|sanity|"
        r"sane|diagnos(?:e|is)|health|defective|negative (?:values?|prices?|amounts?|quantities)|"
        r"(?:data|file|table|it)(?: \w+)? (?:any good|good enough|ok|okay|in good shape)|"
        r"impossible|implausible|well[- ]formed|format(?:s|ting)?|usable|ready for",
        r"품질|정합성|깨끗|검증|점검|무결성|클렌징|정제|지저분|더러|믿을|신뢰|일관성|완전성|오류|문제|"
        r"오타|표기|잘못|엉망|이상이? ?(?:없|있)|"
        r"상태|진단|실수|쓸 ?만|괜찮은지|형식|음수|불가능한|유효",
    ),
    concept(
        "outlier",
        "topic",
        r"outl(?:ier|iers|ying)|anomal(?:y|ies|ous)|abnormal|extreme values?|suspicious|weird|"
        r"unusual(?:ly)?|strange|odd(?:ities|ity)?|fishy|irregular(?:ities)?|fraud(?:ulent)?|"
        r"out of the ordinary|"
        r"screen|spikes?|glitch(?:es)?|too (?:high|low|large|small)|surprising",
        r"이상치|이상값|이상한|이상 ?(?:징후|탐지|데이터|거래)|극단값|극단적|비정상|튀는|특이값|특이한|"
        r"이상해|수상|의심|사기|벗어난|"
        r"급등|급락|튄|이상 ?수치|너무 (?:크|작|높|낮)",
    ),
    concept(
        "missing",
        "topic",
        r"missing|nulls?|nan|empty (?:cells?|values?|fields?|rows?)|blanks?|incomplete|gaps|not filled|"
        r"unfilled|"
        r"complete|absent|not available|unknown values",
        r"결측|누락|빈 ?(?:값|칸|셀|데이터)|비어|널 ?값|빠진|비었|채워지지|공란|공백|"
        r"채움|완전한지",
    ),
    concept(
        "duplicate",
        "topic",
        r"duplicat(?:e|es|ed|ion)|dedup\w*|repeated (?:rows|records)|"
        r"twice|same (?:row|record|customer|order) (?:again|more than once)",
        r"중복|겹치는|"
        r"두 ?번(?!째)|똑같은|반복된",
    ),
    *CAUSE_CONCEPTS,
    concept(
        "correlation",
        "topic",
        r"correlat(?:e|es|ed|ion|ions)|relationships?|related|associat(?:ed|ion|ions)|influenc(?:e|es|"
        r"ed|ing)|affect(?:s|ed|ing)?|drivers?|driv(?:e|es|ing)|impact|factors?"
        r"|explains? the varia(?:tion|nce)|relates?|linked|depend(?:s|ent|ence)?|"
        r"interact(?:ion|s)?|what makes|"
        r"effects?|effective(?:ly)?|determin(?:e|es|ed|ing)|due to|the more|responsible|connection|"
        r"connected|tied to|tend to|matters?|go(?:es)? (?:together|with)|distinguish(?:es)?",
        r"상관|관계|연관|관련|영향|요인|좌우|따라 ?(?:달라|변)|"
        r"효과|결정|연결|늘리면|줄이면|높으면|낮으면|수록|비례",
    ),
    concept(
        "distribution",
        "topic",
        r"distribut(?:ed|ion|ions)|spread|skew(?:ed|ness)?|varianc(?:e|es)|descriptive|statistics|"
        r"summary stat(?:s|istics)|quartiles?|standard deviations?|dispersion|outline the columns|"
        r"how [a-z]+ (?:is|are) spread|"
        r"var(?:y|ies|iation|iability)|range of|percentiles?|shape of|frequency",
        r"분포|통계|분산|편차|왜도|사분위|"
        r"퍼져|범위|백분위|전형적|빈도|기초 ?통계",
    ),
    *FINDING_CONCEPTS,
    concept(
        "analyse",
        "broad",
        r"analy[sz](?:e|es|ed|ing)|analys[ie]s|analytics|explor(?:e|es|ing|ation)|insights?|examine|"
        r"investigate|understand|dig into|(?:key|main) findings|takeaways?|"
        r"deep[- ]dive|deep look|inspect|break(?:ing)? down the|interpret|make sense",
        r"분석|인사이트|살펴|들여다|시사점|파악|탐색|알 수 있|"
        r"검토|해석|연구|조사|평가",
    ),
    concept(
        "look",
        "broad",
        r"look(?:ing)? (?:at|into|through|over)|tell me about|what(?:'s| is) in|what can (?:you|we|"
        r"i) (?:see|learn|say|tell|find)|walk me through"
        r"|interesting|study|report on|go(?:ing)? (?:through|over)|went through|skim|what matters|"
        r"stands? out|noteworthy|"
        r"what should (?:i|we) know|check (?:it|this|the data|the file) out|"
        r"what do you (?:make|think)|make of|have a look|what(?:'s| is) (?:going on|happening|notable|"
        r"important)|(?:any|some)thing (?:interesting|notable|useful|new|surprising)|describe (?:the|this|my) (?:data|dataset|"
        r"file|table)|help me (?:with|understand)",
        r"재미있|재밌|흥미|훑어|봐 ?(?:줘|주)|알아봐|들어 ?있|알아야|눈에 띄|주목|"
        r"봐 ?봐|봐라|봐주|설명해|무슨 내용|뭐가 있|어떤 내용|뭘 알",
    ),
    concept(
        "overview",
        "broad",
        r"overview|summar(?:y|i[sz]e|i[sz]es|i[sz]ing)|full|complete|comprehensive|overall|in general|"
        r"big picture|reports?|everything|end[- ]to[- ]end|"
        r"review|recap|digest|findings|highlights?|brief(?:ing)?|whole|thorough(?:ly)?|in detail|detailed",
        r"개요|전반|종합|전체적|전체|보고서|리포트|요약|총정리|한눈에|특징|정리|"
        r"핵심|주요 내용|꼼꼼|자세히|상세|총괄|브리핑|현황",
    ),
    concept(
        "ask",
        "ask",
        r"which|what|who|whose|whom|how (?:many|much|often|long|big)|where|when|is there|are there|did|"
        r"do we|does|"
        r"how \w+|has (?:any|the)|have any|anyone|any \w+ (?:who|that)|name the|tell me (?:the|how|"
        r"which|what|who)|i (?:need|want) to know|wonder|give me the|find (?:the|all|out)",
        r"어느|어떤|어디|무엇|무슨|뭐|뭔|누구|누가|얼마|몇|언제|인가요|입니까|인지|나요|는지|은지|"
        r"이야\?|니\?|어\?|"
        r"알려|말해|궁금|인가\?|일까|할까|될까|누군|뭔지|뭐야|있어\?|있나|있는지|쪽이|얼만|맞아\?|골라|"
        r"뽑아|\S의? 수는",
    ),
    concept(
        "measure",
        "measure",
        r"most|least|highest|lowest|max(?:imum)?|min(?:imum)?|top|bottom|best|worst|largest|smallest|"
        r"biggest|average|mean|median|total|sum|counts?|number of"
        r"|percent(?:age)?|share|proportion|ratio|more than|less than|at least|cheapest|"
        r"(?:most )?expensive|rank(?:s|ed|ing)?|fewest|oldest|youngest|longest|shortest|rates?|"
        r"per (?:customer|order|region|store|month|year|state|person|capita)|"
        r"how (?:many|much)|amount of|lost the most|popular|frequent(?:ly)?|common(?:ly)?|breakdown|"
        r"list(?: all)?|"
        r"profitable|average|below|above|over \d+|under \d+|between \d+ and \d+|"
        r"(?!test|latest|request|interest|forest|invest|suggest|harvest|west|rest|guest|honest|contest|"
        r"protest|digest|unrest)\w+est|fewer than|at (?:least|most|once)|how (?:old|tall|long|big|far|"
        r"fast|expensive|large|heavy|late)|per \w+|combined|sort(?:ed)?|(?:group|order)(?:ed)? by|"
        r"altogether|in total|typical(?:ly)?|distinct|"
        r"exceed(?:s|ed|ing)?|(?:older|younger|greater|higher|lower) than",
        r"가장|최대|최소|최고|최저|최다|많이|많은|많았|적은|적게|높은|높았|낮은|낮았|평균|합계|총|개수|"
        r"건수|명수|몇 ?(?:개|명|건|번|배|퍼센트|프로|%|가지|대|회|곳|점|살|세|일|행)|얼마|비율|비중|"
        r"순위|상위|하위|중앙값|제일|이상인|이하인|베스트|누적|\S+[율률](?=[이은는을가도]?(?:\s|$|\?))|"
        r"큰|작은|컸|비싼|싼|좋은|나쁜|인기|자주|평균적|이상|이하|초과|미만|합은|합을|수익성|"
        r"의? 수[는를가]|횟수|인원|더 (?:많|적|높|낮|크|작)|최장|최단|최근|오래|빠른|느린|늦은|합산|"
        r"다 합|각각",
    ),
    concept(
        "model",
        "object",
        r"models?",
        r"모델|모형",
    ),
    concept(
        "table",
        "noun",
        r"data ?sets?|data|tables?|files?|csv|excel|spreadsheets?|sheets?|columns?|fields?|rows?|"
        r"records?|values?|variables?|numbers|metrics?|"
        r"entries|cells?|attributes?|features?|observations?|samples?|logs?|measurements?|readings?",
        r"데이터 ?셋|데이터|자료|파일|테이블|표|엑셀|시트|컬럼|칼럼|변수|레코드|필드|지표|수치|값|"
        r"내역|항목|로그|기록|행을|행이|열을|열이|명단|측정",
    ),
    concept(
        "time",
        "noun",
        r"dai?ly|days?|weekly|weeks?|monthly|months?|quarterly|quarters?|yearly|years?|annual(?:ly)?|"
        r"hourly|hours?|minutes?|dates?|timestamps?|weekdays?|20\d\d|"
        r"weekends?|mornings?|evenings?|january|february|march|april|june|july|august|september|october|"
        r"november|december|this year|last (?:year|month|quarter|week)|1[89]\d\d",
        r"일별|일자|주별|주간|월별|월간|분기|연도|연간|년도|시간대|요일|날짜|시간|분 ?단위|20\d\d년?|"
        r"주말|평일|\d+월|작년|올해|지난해|지난 ?(?:달|주|분기|해)|이번 ?(?:달|주|분기)|상반기|하반기",
    ),
    concept(
        "business",
        "noun",
        r"sales?|sold|sell(?:s|ing)?|revenues?|profits?|margins?|orders?|customers?|clients?|users?|"
        r"products?|items?|categor(?:y|ies)|regions?|countr(?:y|ies)|cit(?:y|ies)|stores?"
        r"|branch(?:es)?|prices?|costs?|quantit(?:y|ies)|units?|discounts?|churn(?:ed|ing|s)?|"
        r"purchases?|transactions?|payments?|segments?|demand|inventory|stock|employees?|salar(?:y|ies)|"
        r"ages?"
        r"|gender|income|spending|satisfaction|ratings?|returns?|suppliers?|deliver(?:y|ies)|brands?|"
        r"departments?|"
        r"buyers?|shoppers?|members?|people|persons?|patients?|students?|workers?|staff|managers?|"
        r"accounts?|invoices?|shipments?|shipped|visits?|visitors?|sessions?|clicks?|campaigns?|"
        r"channels?|markets?|marketing|budgets?|expenses?|loans?|credit|balances?|bikes?|cars?|hotels?|"
        r"houses?|energy|consumption|temperature|downtime|machines?|devices?|defects?|signups?|"
        r"subscriptions?|contracts?|scores?|grades?|population|gdp|amounts?|earnings?|turnover|shops?|"
        r"outlets?|complaints?|tickets?|refund(?:s|ed)?|occupancy|production|performance|conversion",
        r"매출|판매|팔린|팔았|팔렸|수익|이익|마진|주문|고객|사용자|회원|제품|상품|품목|카테고리|지역|"
        r"국가|도시|매장|지점|가격|단가|비용|수량|할인|이탈|구매|거래|결제|세그먼트|수요|재고"
        r"|직원|급여|나이|연령|성별|소득|지출|만족도|평점|반품|공급|배송|브랜드|부서|대리점|점포|"
        r"쇼핑몰|구매자|이용자|방문|환자|학생|직원|인사|실적|영업|카드|현금|계좌|대출|신용|광고|마케팅|"
        r"캠페인|채널|시장|예산|자전거|자동차|중고차|집값|전력|에너지|난방|온도|기온|설비|기계|장비|"
        r"불량|가입|구독|계약|점수|성적|인구|금액|환불|민원|문의|통화|생산|공정|센서|성과|전환|클릭|"
        r"납품|입고|출고|물류|객실|보험|퇴사|부채|자산|원가|점유",
    ),
)

KIND_OF: dict[str, Kind] = {concept.name: concept.kind for concept in CONCEPTS}
OVERVIEW_FACETS = ("quality", "eda", "draw")
"""An open-ended look at data means: can it be trusted, what is in it, and show it."""
