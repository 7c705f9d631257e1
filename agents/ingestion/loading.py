"""Load a file: stage it, type it, learn its meanings, keys and span, and account for every row."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from mesh.language import say
from mesh.results import Column

from .delimited import MalformedRowError
from .formats import open_source
from .interpretation import Reading
from .job import Loaded, Options
from .report import build_report
from .semantics import semantics_of
from .staging import Staged, stage
from .statistics import facts_of, preview_of
from .typing_pass import write_typed

_STAGED_SHARE = 0.65
_TYPED_SHARE = 0.9


def load_file(
    path: Path,
    name: str,
    target: Path,
    workdir: Path,
    options: Options,
    language: Literal["ko", "en"],
    progress: Callable[[float, str], None] | None = None,
) -> Loaded:
    """Read the file at `path` (known to people as `name`) into the Parquet file `target`.

    Raises: BadInputError when the file is empty, binary, damaged, in another encoding than given, or holds no table.
    """
    report_progress = progress or _silent
    staged = _stage(path, name, options, workdir, language, report_progress)
    typed = write_typed(
        staged,
        target,
        lambda f: report_progress(
            _STAGED_SHARE + f * (_TYPED_SHARE - _STAGED_SHARE),
            say(language, en="Writing typed columns", ko="열의 자료형을 정해 저장하고 있습니다"),
        ),
    )
    staged.path.unlink()
    report_progress(
        _TYPED_SHARE, say(language, en="Finding meanings and keys", ko="열의 의미와 키를 찾고 있습니다")
    )
    names = staged.source.names
    facts = facts_of(target, names, typed, staged.rows)
    meanings = [semantics_of(fact) for fact in facts]
    columns = [
        Column(name=n, type=r.type, semantic=m.semantic, unit=_unit(n, r), nullable=missing > 0)
        for n, r, m, missing in zip(names, typed.readings, meanings, typed.missing, strict=True)
    ]
    report = build_report(
        source={"name": name, "bytes": path.stat().st_size, **staged.source.details},
        staged=staged,
        typed=typed,
        columns=columns,
        meanings=meanings,
        facts=facts,
        target=target,
        preview=preview_of(target),
    )
    return Loaded(columns, staged.rows, report)


def _silent(fraction: float, message: str) -> None:
    del fraction, message


def _stage(
    path: Path,
    name: str,
    options: Options,
    workdir: Path,
    language: Literal["ko", "en"],
    progress: Callable[[float, str], None],
) -> Staged:
    def forward(fraction: float) -> None:
        message = say(
            language, en="Read {p:.0%} of {name}", ko="{name}의 {p:.0%}를 읽었습니다", p=fraction, name=name
        )
        progress(fraction * _STAGED_SHARE, message)

    staging = workdir / "staged.parquet"
    try:
        return stage(open_source(path, name, options, workdir, strict=True), staging, forward)
    except MalformedRowError:
        return stage(open_source(path, name, options, workdir, strict=False), staging, forward)


_UNIT_IN_NAME = re.compile(r"[(\[]\s*(%|[^\W\d_]{1,6}(?:/[^\W\d_]{1,4})?|[₩$€£℃°][CF]?)\s*[)\]]\s*$")
_UNIT_SUFFIX = {"usd": "USD", "krw": "KRW", "eur": "EUR", "kg": "kg", "km": "km", "pct": "%", "percent": "%"}


def _unit(name: str, reading: Reading) -> str | None:
    """The unit written with the values, else the one in brackets or as the last word of a number's name."""
    if reading.unit or reading.type not in ("integer", "number"):
        return reading.unit
    bracketed = _UNIT_IN_NAME.search(name)
    if bracketed:
        return bracketed.group(1)
    return _UNIT_SUFFIX.get(name.lower().rsplit("_", 1)[-1]) if "_" in name else None
