"""Whether a number is one that could have been issued: check digits and dates of cards, residents, accounts and addresses."""

import datetime as dt

_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_CENTURY_OF_SEX_DIGIT = {
    "1": 1900,
    "2": 1900,
    "3": 2000,
    "4": 2000,
    "5": 1900,
    "6": 1900,
    "7": 2000,
    "8": 2000,
}
_FOREIGN = frozenset("5678")
_CARD_LENGTHS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("36", "36", (14,)),
    ("38", "39", (14,)),
    ("300", "305", (14,)),
    ("3528", "3589", (16,)),
    ("6011", "6011", (16, 19)),
    ("65", "65", (16, 19)),
    ("62", "62", (16, 17, 18, 19)),
    ("94", "94", (16,)),
)


def digits_of(text: str) -> str:
    """The ASCII digits of a text, in order."""
    return "".join(letter for letter in text if "0" <= letter <= "9")


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def is_card_number(text: str) -> bool:
    """Whether the digits have the prefix and length of a payment card network and a check digit that holds."""
    digits = digits_of(text)
    known = any(
        low <= digits[: len(low)] <= high and len(digits) in lengths for low, high, lengths in _CARD_LENGTHS
    )
    return known and luhn_holds(digits) and len(set(digits)) > 1


def is_resident_date(digits: str) -> bool:
    """Whether 13 digits begin like a Korean resident or foreigner registration number: with a day that exists."""
    century = _CENTURY_OF_SEX_DIGIT.get(digits[6:7])
    if len(digits) != 13 or century is None:
        return False
    try:
        dt.date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def resident_check_holds(digits: str) -> bool:
    """Whether the 13th digit of a resident registration number checks the others.

    Numbers given out since October 2020 have random digits at the end, so a number that fails may still be real.
    Source: weights 2…9, 2…5, modulo 11 (Resident Registration Act, former enforcement rule); two more for foreigners.
    """
    if len(digits) != 13:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    extra = 2 if digits[6] in _FOREIGN else 0
    return (11 - total % 11 + extra) % 10 == int(digits[12])


def is_iban(text: str) -> bool:
    """Whether a text is an international bank account number: two letters, and a remainder of 1. Source: ISO 13616, ISO 7064."""
    compact = text.replace(" ", "").upper()
    if not 15 <= len(compact) <= 34 or not compact[:2].isalpha() or not compact[2:4].isdigit():
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def is_social_security_number(text: str) -> bool:
    """Whether three groups of digits can be a United States social security number. Source: SSA, randomisation rules of 2011."""
    area, group, serial = text.split("-")
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def is_ipv4(text: str) -> bool:
    """Whether four numbers are the address of a host rather than a version: all below 256, one above 31."""
    parts = [int(part) for part in text.split(".")]
    return all(part < 256 for part in parts) and parts[0] > 0 and max(parts) > 31


def is_ipv6(text: str) -> bool:
    """Whether groups joined by colons are an IPv6 address rather than a time of day or a ratio: one group holds a letter or is
    four digits long."""
    import ipaddress

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return any(len(part) == 4 or not part.isdigit() for part in text.split(":") if part)
