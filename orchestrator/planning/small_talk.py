"""Questions about the mesh itself: greetings, and what it can do."""

import re

_GREETING = (
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: there| all| everyone)?|"
    r"안녕(?:하세요|하십니까|하신가요)?|반갑습니다|반가워요?"
)
_HELP = (
    r"help(?: me)?(?: please)?|(?:so )?what (?:all )?(?:can|could|do) (?:you|this(?: mesh)?|the mesh) do(?: for me)?|"
    r"who are you|what are you|what (?:are|is) your (?:skills|abilities|name)|"
    r"(?:what|which) (?:skills|agents|analyses) (?:are (?:there|available|running|up|online)|do you have)|"
    r"(?:list|show)(?: me)? (?:all |the |your )*(?:agents|skills)|"
    r"how (?:do|can|should) i use (?:you|this|it|the mesh)|"
    r"도움말|도와\s?(?:줘|주세요|줄래)|사용\s?법(?:을|이|은)?(?:\s?(?:알려|뭐|무엇|좀).*)?|어떻게 (?:사용|쓰)\S*|"
    r"(?:너는|넌|당신은|여기서는?|이걸로|이것으로)?\s?(?:뭘|뭐를?|무엇을|무슨 일을|어떤 (?:일|분석|작업)(?:을|이)?)\s?"
    r"(?:할|해\s?줄|가능)\s?(?:수 있|해|한).*|(?:어떤|무슨) (?:에이전트|기능|스킬)(?:들)?(?:이|가|을|를)?\s?(?:있|쓸|돌|제공).*|"
    r"(?:에이전트|기능|스킬) (?:목록|현황)\S*(?: \S+)?|(?:너는|넌|당신은) 누구.*"
)
_ABOUT_THE_MESH = re.compile(rf"(?:(?:{_GREETING})[\s,.!~]*)?(?:{_HELP}|{_GREETING})", re.IGNORECASE)


def is_about_the_mesh(question: str) -> bool:
    """Whether the whole question greets or asks what can be done here, so that no agent has to work for it."""
    return bool(_ABOUT_THE_MESH.fullmatch(question.strip().strip(".!?~ ")))
