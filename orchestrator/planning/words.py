"""Words of a Korean or English text, without endings and particles."""

import functools
import re

_WORD = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?|[가-힣]+|[0-9]+")
_HANGUL = re.compile(r"[가-힣]")

_ENDING_LIST = (
    "해주시겠어요|해주실래요|해주십시오|해주세요|해줄래요|해줄래|해주라|해줘요|해줘|하겠습니다|합니다|"
    "합시다|하십시오|하세요|하려면|하면서|하니까|"
    "하도록|하는지|했는지|하였다|했어요|했습니다|했나요|했다|했던|했어|한다면|한다|하고|하기|하는|하며|"
    "하면|하여|하자|해서|해요|해봐|"
    "됩니까|되나요|됐나요|되었는지|됐는지|되는|된|인가요|입니까|입니다|이에요|예요|인지|이야|이고|인|"
    "주세요|주십시오|줘요|줘|나요|까요|는지|은지|한지|을까|ㄹ까|해|한|할|함"
)
_PARTICLE_LIST = (
    "으로부터|에서부터|에게서|로부터|이라는|에서는|에서도|에서의|에서|에게|까지|부터|으로는|으로도|"
    "으로서|으로|이라도|라도|"
    "하고|이랑|이나|처럼|보다|마다|조차|밖에|만큼|대로|별로|한테|들의|들은|들을|들이|들|은|는|이|가|을|"
    "를|에|의|와|과|도|만|로|랑|나"
)

_STOP_EN_LIST = (
    "a an the of to for in on at by with from into about as and or but then than this that these those "
    "it its is are was were be been do "
    "does did can could would should will shall may might must i me my mine we us our you your he she "
    "they them their there here please "
    "want like need let have has had get got give show tell find make using use just also some any all "
    "each every not no so if up out "
    "let's i'd i'll we'd what's that's it's hi hello hey thanks thank one two three four five six seven "
    "eight nine ten last past"
)
_STOP_KO_LIST = (
    "좀 이 그 저 것 거 수 등 및 더 잘 제발 부탁 있 있는 있어 없는 주 해 줘 나 내 우리 너 제 저희 이거 "
    "그거 여기 이것 그것 위해 위한 대해 대한 대하여 "
    "통해 따라 따른 싶어 싶어요 싶습니다 싶은데 바랍니다 부탁드립니다 부탁드려요 부탁해 부탁해요 주세요 "
    "주십시오 알려 보여 찾아 만들어 알려줘 보여줘 찾아줘 "
    "만들어줘 그리고 또 또는 또한 이번 해당 각 각각 모든 중 때 안 못 다 게 걸 건 뭔가 한번 한 번 정도 "
    "관련 하나 둘 셋 넷 두 세 네 다섯 여섯 일곱 여덟 아홉 열 개 개만 명 건 하 되 된 할 수 있게 있나요 "
    "있습니까"
)
_ENDINGS = tuple(_ENDING_LIST.split("|"))
_PARTICLES = tuple(_PARTICLE_LIST.split("|"))
_STOP_EN = frozenset(_STOP_EN_LIST.split())
_STOP_KO = frozenset(_STOP_KO_LIST.split())
_ONLY_ENDING = re.compile(
    "(?:" + "|".join(sorted({*_ENDINGS, *_PARTICLES, *_STOP_KO, "하", "서"}, key=len, reverse=True)) + ")+"
)


def is_korean(word: str) -> bool:
    """Whether the word is written in Hangul."""
    return bool(_HANGUL.search(word))


def stem(word: str) -> str:
    """The word without its particle or ending; at least two letters stay."""
    return _stem_korean(word) if is_korean(word) else _stem_english(word)


def words(text: str) -> list[str]:
    """Every word of the text, lower case, in order."""
    return _WORD.findall(text.lower())


@functools.lru_cache(maxsize=4096)
def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words that say something, in order; numbers, articles, pronouns and polite endings are left out."""
    found = []
    for word in words(text):
        if word in _STOP_EN or word.isdigit() or _ONLY_ENDING.fullmatch(word):
            continue
        stemmed = stem(word)
        if len(stemmed) > 1 and stemmed not in _STOP_KO and stemmed not in _STOP_EN:
            found.append(stemmed)
    return tuple(found)


def _stem_korean(word: str) -> str:
    for suffixes in (_ENDINGS, _PARTICLES):
        for suffix in suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= 2:
                word = word[: -len(suffix)]
                break
    return word


def _stem_english(word: str) -> str:
    word = word.partition("'")[0]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for suffix in ("ations", "ation", "ings", "ing", "ers", "ed", "es", "er", "ly", "s"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word[: -len(suffix)].removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word
