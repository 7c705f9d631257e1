"""How people speak of tables that belong together: of their keys, and of making one table of them. English, then Korean."""

from .concept import concept

_THESE = r"(?:the |these |my |both |all |two |several )*"
_TABLES = r"(?:files?|tables?|data ?sets?|sheets?)"
_KO_TABLES = r"(?:표|테이블|파일|데이터셋|데이터)"

_JOIN_KEY = (
    (
        rf"(?:join|foreign|common|shared|linking) keys?|keys? (?:between|in common|that links?)|which key"
        rf"|(?:keys?|columns?|fields?) links?"
        rf"|(?:can|could|should|to) (?:i |we |you )?(?:be )?join(?:ed)?\b(?![^.,;]* (?:on|by|with|into)\b)"
        rf"|how (?:do|are|can|could) {_THESE}{_TABLES}(?: be)? (?:relate|linked|related|connect(?:ed)?|joined|fit together)"
    ),
    (
        r"조인 ?키|외래 ?키|연결 ?키|공통(?:된|되는|의)? ?(?:키|열)|(?:연결|조인|결합)(?:하는|할|되는) ?(?:키|열|컬럼)"
        r"|(?:열|컬럼|키)(?:으로|로) ?\S* ?\S* ?(?:조인|연결|결합)(?:하면|할 ?수|되|할지)"
        rf"|{_KO_TABLES}(?:들)?(?:이|끼리|은|는|을|를|간에?)? ?(?:서로 )?(?:어떻게|무엇으로|뭘로) ?(?:연결|이어|조인)"
    ),
)
_COMBINE = (
    (
        r"(?:join|merg|combin|append|stack|unit|concatenat|union)(?:e|ing)?\b[^.,;?]{0,40}"
        rf"\b(?:{_TABLES}|into (?:one|a single))"
        r"|(?:join|merge|combine) [^,;?]{1,60}? (?:with|and|to|onto) (?:the |my )?\w+"
        rf"|into (?:one|a single) {_TABLES}|(?:one|a single) table (?:of|from|out of)"
    ),
    (
        rf"조인(?:해|하|시켜|을 ?부탁)|병합|{_KO_TABLES}\S* ?(?:\S+ ){{0,3}}?(?:결합|합쳐|합치)"
        r"|이어 ?붙|(?:하나|한 ?표|한 ?테이블|한 ?파일)(?:으)?로 ?(?:\S+ )?(?:합|묶|만들|결합|모아)"
    ),
)
JOINING_CONCEPTS = (concept("join_key", "task", *_JOIN_KEY), concept("combine", "task", *_COMBINE))
