"""Which language a text is written in, by its script and, where several share one, by its small words."""

import re
from collections import Counter

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ko", re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")),
    ("ja", re.compile(r"[ぁ-ゖァ-ヺ]")),
    ("zh", re.compile(r"[一-鿿]")),
    ("ru", re.compile(r"[а-яёА-ЯЁ]")),
    ("ar", re.compile(r"[ء-ي]")),
    ("th", re.compile(r"[ก-ฮ]")),
    ("latin", re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ž]")),
)
_SMALL_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and is was are it this that of to in for with not but have very my you i they be on so at as we had",
        "de": "der die das und ist nicht ich ein eine zu mit auf sehr es den für von war sie wir aber im dem auch",
        "fr": "le la les et est pas je un une des du pour avec très il que dans ce mais nous vous en au sur",
        "es": "el la los las y es no un una de que en por con muy para pero lo se me mi fue del al",
        "it": "il la gli e è non un una di che in per con molto ma sono della mi ho questo anche",
        "pt": "o a os as e é não um uma de que em por com muito para mas foi do da no na meu eu",
        "nl": "de het een en is niet ik van op met zeer voor maar dat was zijn er wel ook te",
    }.items()
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
LANGUAGES: dict[str, tuple[str, str]] = {
    "ko": ("Korean", "한국어"),
    "en": ("English", "영어"),
    "ja": ("Japanese", "일본어"),
    "zh": ("Chinese", "중국어"),
    "ru": ("Russian", "러시아어"),
    "ar": ("Arabic", "아랍어"),
    "th": ("Thai", "태국어"),
    "de": ("German", "독일어"),
    "fr": ("French", "프랑스어"),
    "es": ("Spanish", "스페인어"),
    "it": ("Italian", "이탈리아어"),
    "pt": ("Portuguese", "포르투갈어"),
    "nl": ("Dutch", "네덜란드어"),
    "none": ("no words", "글자 없음"),
}
_HANGUL_SHARE = 0.2
"""Korean texts mix in names and terms in Latin letters: a fifth of Hangul is enough."""


def language_of(text: str) -> str:
    """The language as an ISO 639-1 code, `none` for a text without letters.

    A text in Latin letters is in the language of most of its small words, and English when it has none or on a tie: in short
    reviews that is by far the likeliest.
    """
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    letters = sum(counts.values())
    if not letters:
        return "none"
    if counts["ko"] >= _HANGUL_SHARE * letters:
        return "ko"
    if counts["ja"]:
        return "ja"
    script = max(counts, key=lambda name: counts[name])
    if script != "latin":
        return script
    words = Counter(_WORD.findall(text.lower()))
    found = {
        language: sum(words[word] for word in small if word in words)
        for language, small in _SMALL_WORDS.items()
    }
    return max(found, key=lambda language: (found[language], language == "en"))


def small_words(language: str) -> frozenset[str]:
    """The small words by which a language in Latin letters is known; empty for the others."""
    return _SMALL_WORDS.get(language, frozenset())
