"""How people speak of models at work: answering over HTTP, tried out beside one another, watched. English, then Korean."""

from .concept import Concept, concept

_MODEL = r"(?:models?|endpoints?|champions?|challengers?|versions?|deployments?)"
_API = r"(?:endpoints?|(?:scoring|prediction|inference|model|rest|http) (?:apis?|services?|servers?))"
_TRIAL = r"(?:a/?b|split|shadow)[ -]?(?:tests?|trials?)"
_THE = r"(?:the |my |our |this |that |a |an )*"
_KO_MODEL = r"(?:모델|모형|엔드포인트|챔피언|도전자|버전)"
_KO_API = r"(?:엔드포인트|(?:예측|추론|스코어링|모델) ?(?:API|에이피아이|서비스|서버))"

SERVING_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "trial",
        "task",
        rf"(?:a/?b|split)[ -]?tests?\b[^.?!]*\bon {_THE}(?:\w+ )?endpoint|"
        rf"(?:a/?b|split)[ -]?tests?(?:ing)?(?=[^.?!]*\b{_MODEL}\b)|(?<=model )a/?b[ -]?tests?|"
        r"(?:start (?:a |an |the )?)?(?:shadow(?:s|ed|ing)?(?: (?:tests?|testing|mode|deploy\w*|traffic))?|canary)|"
        r"(?:champion|challenger) (?:against|versus|vs\.?|and|or) (?:the )?(?:champion|challenger)|"
        r"promot\w+ (?:\w+ ){0,4}?(?:if|once|when) (?:\w+ )?wins?|"
        r"\d+ ?(?:%|percent) of (?:the |live |my )*(?:\w+'s )?(?:traffic|requests)|"
        r"split (?:the |live |my )*(?:\w+'s )?traffic|on (?:live|served) traffic|"
        rf"(?:stop|end|finish|cancel|abort)(?:ping|ing)? {_THE}{_TRIAL}|how is {_THE}{_TRIAL} (?:going|doing|running)|"
        rf"{_TRIAL} (?:going|running|so far|over yet)|(?:progress|status|state) of {_THE}{_TRIAL}|"
        rf"challenger's (?:share|traffic)|share of {_THE}challenger",
        rf"(?:A/?B|에이비) ?(?:테스트|시험|실험)(?=.*{_KO_MODEL})|{_KO_MODEL}\S* ?(?:\S+ ){{0,3}}?A/?B ?테스트|"
        rf"섀도\S*|쉐도\S*|카나리\S*|(?:엔드포인트\S* ?)?(?:트래픽|요청)(?:의|을|를)? ?\d+ ?(?:%|퍼센트)|"
        r"트래픽\S* ?(?:\S+ )?(?:나눠|나누|분할)|도전자\S* ?(?:\S+ )?(?:비율|비중|트래픽)\S*|"
        r"A/?B ?(?:테스트|시험|실험)\S* ?(?:\S+ )?(?:그만|중지|중단|멈|종료|끝내|진행|어떻게 ?되|현황|상태)\S*",
    ),
    concept(
        "model_watch",
        "task",
        rf"(?:watch|monitor|supervis)(?:e|es|ing|s)? {_THE}(?:\w+ ){{0,2}}?{_MODEL}|(?:watch|monitor|keep an eye on) it|"
        rf"keep (?:an eye on|watching) {_THE}(?:\w+ )?{_MODEL}|"
        rf"{_MODEL}\b[^.?!]{{0,30}}\b(?:decay(?:s|ed|ing)?|degrad\w+|(?:get|got|becom)\w* worse|drift(?:s|ed|ing)?|doing)|"
        rf"(?:accuracy|performance) of {_THE}(?:served|deployed) {_MODEL}|"
        r"(?:model|performance) (?:decay|degradation|monitoring|drift)|"
        rf"drift\w* (?:in|of|on) {_THE}(?:served |deployed )?{_MODEL}|"
        rf"(?:stop|end|cancel) {_THE}(?:\w+ )?{_MODEL} watch(?:es|ing)?|"
        r"(?:roll|go|switch) back (?:\w+ ){0,4}?(?:if|when|once) [^.?!]{0,40}\b(?:decay|degrad|worse|drift)\w*",
        rf"(?:{_KO_MODEL}|서빙|배포한|운영 ?중)\S* ?(?:\S+ ){{0,3}}?(?:감시|모니터링|지켜|드리프트)\S*|^ ?감시해\S*$|"
        r"(?:서빙|배포한|운영 ?중)\S* ?(?:\S+ ){0,3}?나빠\S*|"
        r"성능(?:이|은)? ?(?:\S+ )?(?:저하|떨어|나빠|하락)\S*(?: ?(?:\S+ ){0,2}?(?:롤백|되돌)\S*)?",
    ),
    concept(
        "unserve",
        "task",
        r"(?:stop|end|quit) serving|"
        rf"(?:stop|close|shut down|turn off|take down|switch off|remove)(?:s|ing)? {_THE}(?:\w+ ){{0,2}}?{_API}|"
        rf"(?:take|shut|turn|switch|bring) {_THE}(?:\w+ ){{0,2}}?{_API} (?:down|off)",
        rf"(?:서빙|{_KO_API})\S* ?(?:\S+ )?(?:중지|중단|정지|멈|종료|내려|내리|꺼|끄|닫|그만)\S*",
    ),
    concept(
        "served",
        "task",
        r"models? (?:is|are) (?:being )?served|everything (?:that is )?served|(?:list|show|running|all) "
        rf"{_THE}(?:running |scoring |all )*endpoints|(?:which|what) {_THE}(?:\w+ )?endpoints|"
        r"(?:latency|requests|fast|status|health|state) [^.?!]{0,20}endpoints?|endpoint (?:status|health)|"
        rf"(?:is|are) {_THE}(?:\w+ )?endpoints? (?:up|down|alive|healthy|running|ok)",
        rf"(?:서빙|{_KO_API})\S* ?(?:\S+ ){{0,3}}?(?:목록|현황|상태|나열|뭐|무엇|지연 ?시간|떠 ?있)\S*|"
        rf"서빙(?:되고| ?중인) ?\S*|(?:어떤|무슨|떠 ?있는) ?{_KO_API}\S*",
    ),
    concept(
        "serve",
        "task",
        rf"(?:serv|host|expos)(?:e|es|ing|s)? (?={_THE}(?:\w+ ){{0,3}}?{_MODEL})|serve (?:it|them)|serving|"
        rf"(?:(?:start|open|launch) (?:a |an |the )?(?:\w+ )?)?{_API}|"
        r"over http|(?:as|behind) an? (?:rest |http |prediction )?api",
        rf"서빙\S*|{_KO_API}\S*|(?:REST )?API로|(?:HTTP|에이치티티피)로",
    ),
)
