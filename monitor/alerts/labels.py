"""The identity of an alert: its label set. Pure."""

from mesh.errors import InvalidRequestError

Labels = dict[str, str]

_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_SEPARATOR = 0xFF
_MASK = 0xFFFFFFFFFFFFFFFF


def fingerprint(labels: Labels) -> str:
    """16 hexadecimal digits that depend on the label set alone, not on its order.

    Source: 64-bit FNV-1a over sorted names and values, each closed by 0xFF, as Prometheus' `LabelSet.Fingerprint`.
    """
    digest = _FNV_OFFSET
    for name in sorted(labels, key=str.encode):
        for text in (name, labels[name]):
            for byte in (*text.encode(), _SEPARATOR):
                digest = ((digest ^ byte) * _FNV_PRIME) & _MASK
    return f"{digest:016x}"


def checked_labels(labels: Labels) -> Labels:
    """The labels without empty values, which mean that the label is not there.

    Raises: InvalidRequestError when no label is left, or one has no name or holds NUL.
    """
    kept = {name: value for name, value in labels.items() if value}
    if not kept:
        raise InvalidRequestError("An alert needs at least one label with a value.")
    if any(not name.strip() or "\x00" in name + value for name, value in kept.items()):
        raise InvalidRequestError("A label needs a name, and neither name nor value may hold NUL.")
    return kept
