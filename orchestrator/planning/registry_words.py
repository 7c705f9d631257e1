"""How people speak of registered models: registering one, comparing versions, promoting one, going back to another."""

from .concept import Concept, concept

_RIVALS = r"(?:versions?|champions?|challengers?|registered models?|(?:new|old|trained|current) models?)"
_COMPARED = r"(?:compar(?:e|ed|es|ing|isons?)|differs?|different|differences?|better|worse|versus|vs)"
_KO_RIVALS = r"(?:버전|챔피언|도전자|등록된 ?(?:\S+ )?모델|새 ?모델|기존 ?모델)"
_KO_COMPARED = r"(?:비교|나은|나아|낫|더 ?좋은지|다른지|달라|어떻게 ?다른|차이)"

REGISTRY_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "rollback",
        "task",
        r"roll(?:s|ed|ing)?[- ]?(?:(?:the|this|that|my|our) )?(?:\w+ ){0,2}back|rollback|"
        r"(?:revert|undo)(?:s|ed|ing)?\b[^.,;]{0,30}\b(?:model|version|champion|promotion)|"
        r"(?:go|going|return|back|switch) (?:back )?to (?:the |an? )?(?:last|old|previous|earlier) (?:champion|version|model)",
        r"롤백|(?:챔피언|버전|모델)\S* ?(?:\S+ )?(?:되돌|돌아가|복구|복원)\S*|"
        r"(?:되돌|복구|복원)\S* ?(?:이전|직전) ?(?:챔피언|버전|모델)|승격\S* ?(?:\S+ )?(?:취소|철회)\S*",
    ),
    concept(
        "promote",
        "task",
        r"promot(?:e|es|ed|ing)|promotion (?=of (?:the |a )?(?:model|version|challenger))|"
        r"(?:make|makes|making|become|becomes|set)\b[^.,;]{0,40}\bchampion|replac(?:e|es|ing) the champion",
        r"승격\S*|(?:챔피언)(?:으로|을|를|도)? ?(?:\S+ ){0,3}?(?:지정|올려|올리|올라|바꿔|바꾸|교체|변경|삼아|만들)\S*|교체해",
    ),
    concept(
        "contest",
        "task",
        r"^compare (?:the |my |our |all |these )*(?:registered |saved |trained )?models\W*$|"
        rf"{_RIVALS}\b[^.;]{{0,40}}\b{_COMPARED}|{_COMPARED}\b[^.;]{{0,40}}\b{_RIVALS}",
        r"^(?:모델|모형)(?:들)?(?:을|를|끼리)? ?(?:서로 )?비교\S*$|"
        rf"{_KO_RIVALS}[^.;]{{0,24}}{_KO_COMPARED}\S*|비교[^.;]{{0,16}}{_KO_RIVALS}",
    ),
    concept(
        "register",
        "task",
        r"regist(?:er|ering)|deploy(?:s|ing|ment)?|go live|version control"
        r"|(?:put|push|bring|move|take)[^.,;]{0,30}(?:production|registry|mlflow)|track the (?:run|"
        r"model|experiment)"
        r"|(?:publish|version|save|store|log|track)(?:ing)? (?:the |this |my |a |"
        r"that )?(?:\w+ )?(?:model|run)s?",
        r"등록(?:해|하|시켜|을 ?부탁|까지|좀)|배포(?!된|한|되어)|운영에|운영 ?환경|버전 ?관리|실험 ?관리"
        r"|(?:레지스트리|저장소)에 (?:저장|올려|넣)|모델(?:을|를)? ?(?:\S{1,4} )?(?:저장|올려|보관|관리)",
    ),
    concept(
        "registry",
        "topic",
        r"registry|registered|(?:saved|stored) models?|models? (?:\w+ ){0,3}(?:saved|stored)|"
        r"mlflow|mlops|champion|challenger|model (?:versions?|store)|(?:in|into|"
        r"to) production",
        r"레지스트리|엠엘플로우|챔피언|챌린저|모델 ?버전|등록된|등록되|저장소|"
        r"(?:등록|저장|보관)(?:된|한|해 ?둔|해 ?놓은|되어 ?있는|돼 ?있는) ?(?:모델|모형)(?:들)?",
    ),
)
