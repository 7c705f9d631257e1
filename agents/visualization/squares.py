"""Rectangles in proportion to values, as close to squares as their order allows."""

Rectangle = tuple[float, float, float, float]


def squarified(values: list[float], left: float, top: float, width: float, height: float) -> list[Rectangle]:
    """A rectangle (left, top, width, height) per value, which together fill the one given.

    Args: values from large to small, none negative, not all zero.
    Source: Bruls, Huizing & van Wijk (2000), Squarified treemaps.
    """
    total = sum(values)
    if total <= 0 or width <= 0 or height <= 0:
        return [(left, top, 0.0, 0.0) for _ in values]
    areas = [value * width * height / total for value in values]
    placed: list[Rectangle] = []
    while areas:
        side = min(width, height)
        row = [areas[0]]
        for area in areas[1:]:
            if _worst([*row, area], side) > _worst(row, side):
                break
            row.append(area)
        areas = areas[len(row) :]
        thick = sum(row) / side if side else 0.0
        at = 0.0
        for area in row:
            length = area / thick if thick else 0.0
            upright = width >= height
            placed.append((left, top + at, thick, length) if upright else (left + at, top, length, thick))
            at += length
        if width >= height:
            left, width = left + thick, max(0.0, width - thick)
        else:
            top, height = top + thick, max(0.0, height - thick)
    return placed


def _worst(row: list[float], side: float) -> float:
    """The largest ratio of a long to a short side in a row of areas along `side`."""
    total = sum(row)
    if min(row) <= 0 or side <= 0:
        return float("inf")
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * min(row)))
