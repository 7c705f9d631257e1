"""How people speak of streams, and of watches on them that are there already."""

from .concept import Concept, concept

_END = r"(?:stop|end|cancel|remove|delete|quit|terminate|turn off|switch off|disable|mute|silence)(?:s|ping|ing)?"
_THE = r"(?:the |my |our |this |that |all |these )*"

STREAM_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "unwatch",
        "task",
        rf"{_END} {_THE}(?:\w+ )?(?:watch(?:es|ing)?|alert(?:s|ing)?|notif(?:ications?|ying)|warn(?:ings?)?|alarms?)"
        rf"(?: rules?)?(?: me)?(?: off)?|(?:turn|switch) {_THE}(?:\w+ )?(?:watch(?:es)?|alerts?|notifications?|alarms?) off|"
        r"no more (?:alerts|notifications|warnings|alarms)",
        r"(?:감시|알림|경보|경고|알람)(?!하|해)\S* ?(?:w-\w+ ?\S* ?)?(?:규칙\S* ?)?"
        r"(?:그만|멈춰|멈추|중지|중단|정지|종료|끝내|해제|꺼|끄|취소|삭제|없애)\S*(?: ?보내\S*)?",
    ),
    concept(
        "watch",
        "task",
        r"(?:start|begin|set up|keep|put) (?:a |an |the )?watch(?:ing)?(?: (?:on )?(?:the |a |my )?(?:\w+ )?connection)?|"
        r"(?:tell|alert|notify|warn) me (?:as soon as|the moment|immediately (?:when|if))|let me know (?:as soon as|the moment)",
        r"(?:\w+ ?연결(?:에|을) )?감시(?:를)? ?(?:시작|걸어|걸고)\S*|실시간(?:으로)? (?:\S+ )?(?:알려|알림|통보|경고)\S*",
    ),
    concept(
        "watches",
        "task",
        r"(?:my|all|the|each|every|which|what|these|running|active) (?:running |active )?watch(?:es)?|watches|"
        r"what (?:are you|is being|do you) watch(?:ing|ed)?|(?:is )?anything being watched",
        r"감시(?:들|별|마다|목록|현황)(?:이|을|를|의|로)?|(?:내|모든|각) 감시(?:를|가|의)?|감시(?:와|를|의)? ?(?:목록|현황|상태)|"
        r"(?:무엇|뭘|뭐를?|어떤 것을) ?(?:감시|지켜보)\S*|감시 ?중인 ?\S*",
    ),
    concept(
        "stream",
        "task",
        r"stream(?:s|ed|ing)?|real[- ]?time|sliding|tumbling|rolling|windows?|windowed|"
        r"live (?:data|feed|events?|metrics?|monitoring|streams?|sources?|connections?)|replay|"
        r"\w+streams?|monitor(?:s|ing)?|as (?:it|they) (?:arrive|arrives|comes?)|incoming|"
        r"continuous(?:ly)?|every (?:second|minute|\d+ (?:seconds|minutes))",
        r"실시간|라이브|스트림|스트리밍|윈도우?|슬라이딩|텀블링|이동 ?평균|구간별|재생|"
        r"모니터링|감시|들어오는|연속|초 ?단위|초마다|분마다",
    ),
)
