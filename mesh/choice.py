"""Which of an agent's skills a plain sentence asks for, from the card alone."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WORD = re.compile(r"[\w가-힣]+")


def choose_skill(goal: str, skills: Sequence[Mapping[str, Any]]) -> str:
    """The id of the skill whose examples, name, tags or description are nearest to `goal`; the first one on a tie.

    Nearness is the Dice coefficient of character trigrams, the best over a skill's texts.
    """
    grams = _trigrams(goal)

    def nearness(skill: Mapping[str, Any]) -> float:
        texts = [
            *skill.get("examples", []),
            *skill.get("tags", []),
            skill.get("name", ""),
            skill.get("description", ""),
        ]
        return max((_dice(grams, _trigrams(text)) for text in texts), default=0.0)

    return str(max(skills, key=nearness)["id"])


def _trigrams(text: str) -> set[str]:
    padded = " " + " ".join(_WORD.findall(text.lower())) + " "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _dice(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
