"""Numbers written with Korean units, such as `1억 2천만`, in digits."""

import re
from decimal import Decimal

_LARGE = {"조": 10**12, "억": 10**8, "만": 10**4}
_SMALL = {"천": 1000, "백": 100, "십": 10}
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[조억만천백십]")


def plain_digits(text: str) -> str:
    """The number in plain notation: `1억 2천만 원` is `120000000`, `3.5만` is `35000`.

    Args: `text` is of the shape `hangul_units`: digits each followed by units, an optional sign and currency.
    """
    total = part = Decimal(0)
    number: Decimal | None = None
    for token in _TOKEN.findall(text):
        if token in _SMALL:
            part += (Decimal(1) if number is None else number) * _SMALL[token]
            number = None
        elif token in _LARGE:
            part += number or Decimal(0)
            total += (part or Decimal(1)) * _LARGE[token]
            part, number = Decimal(0), None
        else:
            number = Decimal(token.replace(",", ""))
    total += part + (number or Decimal(0))
    plain = f"{total.normalize():f}"
    return f"-{plain}" if text.lstrip().startswith("-") else plain
