"""Lengths of time in words."""

from mesh.language import Language

from .durations import duration_parts


def length_text(seconds: float, language: Language) -> str:
    """A length of time in words: `7 days`, `1 hour 30 minutes`, `5분`."""
    words = {"d": ("day", "일"), "h": ("hour", "시간"), "m": ("minute", "분"), "s": ("second", "초")}
    if language == "ko":
        return " ".join(f"{number:.15g}{words[unit][1]}" for number, unit in duration_parts(seconds))
    return " ".join(
        f"{number:.15g} {words[unit][0]}" + ("" if number == 1 else "s")
        for number, unit in duration_parts(seconds)
    )
