"""Which character encoding a text file is in, decided on all of its bytes."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from .refusal import SourceRefused

BLOCK_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 18

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_BROKEN_SHARE = 0.02
"""A file is still UTF-8 when at most this share of its non-ASCII characters is broken."""

_MIN_ORDINARY = 0.95


@dataclass(frozen=True)
class Encoding:
    """`name` is a Python codec. `damaged` says that some bytes are not valid in it and become U+FFFD."""

    name: str
    damaged: bool = False

    @property
    def errors(self) -> str:
        """The codec error handler to open the file with."""
        return "replace" if self.damaged else "strict"


def detect_encoding(path: Path, given: str | None = None, *, whole: bool = True) -> Encoding:
    """The encoding of the file.

    Args: `given` is the caller's word for it, which is checked and not overruled. Without `whole`, a file whose beginning
    is UTF-8 is taken for it: its reader has to find out.
    Raises: BadInputError when the file is empty, is not text, or does not decode in `given`.
    """
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    if not sample.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise SourceRefused(
            "The file is empty. Send a file that has a header row and at least one row of data.",
            "파일이 비어 있습니다. 머리글 행과 한 행 이상의 데이터가 있는 파일을 보내 주십시오.",
        )
    if given:
        return _checked(path, given)
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return Encoding(name, damaged=not _decodes(path, name))
    wide = _without_bom_utf16(sample)
    if wide and _decodes(path, wide):
        return Encoding(wide)
    if b"\x00" in sample or _control_share(sample) > 0.02:
        raise SourceRefused(
            "The file is binary, not text, and not a known data format. "
            "Send CSV, TSV, Excel, JSON, JSON Lines or Parquet (optionally gzip or zip).",
            "텍스트가 아닌 이진 파일이며 알려진 데이터 형식도 아닙니다. "
            "CSV, TSV, Excel, JSON, JSON Lines, Parquet 파일을 보내 주십시오(gzip, zip 압축 가능).",
        )
    if not whole and _is_utf8(sample):
        return Encoding("utf-8")
    return _eight_bit(path, sample)


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
    except UnicodeError:
        return False
    return True


def _checked(path: Path, given: str) -> Encoding:
    try:
        name = codecs.lookup(given).name
    except LookupError:
        raise SourceRefused(
            "Encoding {given!r} is not known. Leave `encoding` out to have it detected, or give utf-8, cp949, utf-16 or latin-1.",
            "{given!r}(은/는) 알 수 없는 인코딩입니다. `encoding`을 비워 자동으로 찾게 하거나 utf-8, cp949, utf-16, latin-1 "
            "가운데 하나를 지정해 주십시오.",
            given=given,
        ) from None
    if not _decodes(path, name):
        raise SourceRefused(
            "The file is not valid {given}. Leave `encoding` out to have it detected.",
            "파일을 {given} 인코딩으로 읽을 수 없습니다. `encoding`을 비워 자동으로 찾게 해 주십시오.",
            given=given,
        )
    return Encoding(name)


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _without_bom_utf16(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: read in the right order of bytes it is lines of ordinary characters."""
    if b"\x00" not in sample:
        return None
    even = sample[: len(sample) // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        text = even.decode(name, "replace")
        if "\n" in text and sum(map(_is_ordinary, text)) >= _MIN_ORDINARY * len(text):
            return name
    return None


def _is_ordinary(char: str) -> bool:
    """A letter of the Latin or an East Asian script, or a sign such as `₩`, `℃` or `※`."""
    common = char < "\u0250" or "\u2010" <= char <= "\u27bf" or "\u3000" <= char <= "\u9fff"
    return (
        char.isprintable() and (common or "가" <= char <= "힣" or "\uff00" <= char <= "\uffef")
    ) or char in "\r\n\t"


def _control_share(sample: bytes) -> float:
    allowed = b"\t\n\r\x0b\x0c\x1a\x1b"
    control = sum(sample.count(code) for code in range(32) if code not in allowed)
    return control / len(sample)


def _eight_bit(path: Path, sample: bytes) -> Encoding:
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    if _broken_share(path) <= _MAX_BROKEN_SHARE:
        return Encoding("utf-8", damaged=True)
    if _decodes(path, "cp949") and _hangul_share(path) > 0.5:
        return Encoding("cp949")
    guess = from_bytes(sample).best()
    if guess is not None and sample.decode(guess.encoding, "replace") == sample.decode("cp1252", "replace"):
        return Encoding("cp1252", damaged=not _decodes(path, "cp1252"))
    if guess is not None and guess.encoding not in ("ascii", "utf_8") and _decodes(path, guess.encoding):
        return Encoding(codecs.lookup(guess.encoding).name)
    return Encoding("cp1252", damaged=not _decodes(path, "cp1252"))


def _broken_share(path: Path) -> float:
    broken = total = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            text = decoder.decode(block)
            broken += text.count("\ufffd")
            total += len(text) - len(text.encode("ascii", "ignore"))
    return broken / total if total else 0.0


def _hangul_share(path: Path) -> float:
    """Share of Hangul syllables among the non-ASCII characters of the file's first part read as CP949."""
    with path.open("rb") as stream:
        text = stream.read(SAMPLE_BYTES).decode("cp949", "ignore")
    foreign = [char for char in text if ord(char) > 127]
    return sum("가" <= char <= "힣" for char in foreign) / len(foreign) if foreign else 0.0
