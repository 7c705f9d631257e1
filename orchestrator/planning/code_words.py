"""How people speak of source code: improving it, running it, writing it."""

from .concept import Concept, concept

CODE_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "refactor",
        "task",
        r"(?:optimi[sz]|refactor|simplif|improv|profil|lint|clean|tidy|speed|rewrit)(?:e|es|y|ies|ing)?(?: up)? "
        r"(?:and \w+ )?(?:the |this |that |my |our |these )?(?:\w+ )?(?:code|function|script|snippet|program)|"
        r"refactor(?:s|ing)?|lint(?:s|ing|er)?|"
        r"(?:make|get) (?:this|that|the|my|our) (?:\w+ )?(?:code|script|function|snippet|program)?\s?(?:run )?faster|"
        r"speed up (?:this|the|my) (?:\w+ )?(?:code|script|function|snippet)|"
        r"why is (?:this|the|my) (?:code|script|function) (?:so )?slow",
        r"(?:코드|함수|스크립트|프로그램)(?:를|을|가|이|도)? ?(?:\S{1,7} ){0,4}?"
        r"(?:최적화|리팩터|리팩토|개선|빠르게|깔끔|다듬|정리해|느려|느린)\S*"
        r"(?: ?(?:고쳐|고치|개선|정리|만들|바꿔)\S*)?|리팩터링|리팩토링|린트",
    ),
    concept(
        "execute",
        "task",
        r"(?:run|execut|evaluat)(?:e|es|ing)? (?:the |this |that |my |our |following |below )*"
        r"(?:\w+ )?(?:code|snippet|script|program)|"
        r"execute the (?:following )?python|(?:run|execute) (?:this|the following)(?=\s*:)|"
        r"(?:output|result) of (?:the |this |my )(?:code|snippet|script)|"
        r"what does (?:the |this |my )(?:code|snippet|script) (?:print|return|output|do)|"
        r"(?:code|snippet|script) (?:below|and (?:show|tell))",
        r"(?:코드|스크립트|스니펫)(?:를|을)? ?(?:\S{1,8} ){0,3}?(?:실행|돌려|돌리)\S*|"
        r"(?:코드|스크립트)의 (?:실행 ?)?(?:출력|결과)",
    ),
    concept(
        "notebook",
        "task",
        r"(?:note ?books?|jupyter|ipynb|scripts?|source code|reproducib(?:le|ly)|pandas code|"
        r"python code|reproduc(?:e|es|ing)|"
        r"(?<!postal )(?<!zip )(?<!post )(?<!product )(?<!item )(?<!area )(?<!country )code)|"
        r"runnable|re-?run(?:nable)?|executable|py file|sql script",
        r"노트북|주피터|파이썬|스크립트|재현|코드(?:로|를|도)? ?(?:\S{1,4} )?(?:만들|작성|짜|생성|뽑|내|"
        r"보여|정리)|"
        r"다시 ?(?:돌려|실행)|실행 ?가능|소스 ?코드|코드로|코드를",
    ),
)
