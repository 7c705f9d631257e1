"""How people speak of watches on streams that are there already."""

from .concept import Concept, concept

WATCH_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "watches",
        "task",
        r"(?:my|all|the|each|every|which|what|these|running|active) (?:running |active )?watch(?:es)?|watches",
        r"감시(?:들|별|마다|목록|현황)(?:이|을|를|의|로)?|(?:내|모든|각) 감시(?:를|가|의)?|감시(?:와|를|의)? ?(?:목록|현황|상태)",
    ),
)
