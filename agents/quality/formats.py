"""Texts that are written otherwise than nearly all of their column: `12.0 oz` among `12.0`, `35x33` among postal codes.

A form is a text with its numbers as `#`, its usual words as they are and its other words as `a`. Only columns whose usual
forms are structured (numbers, codes, times, fixed words) are judged: names and free text have no form to break.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import domains
from .issues import Issue, Repair, Report
from .tables import Integers, Mask, Series, shortened

MIN_VALUES = 20
USUAL_FORM, RARE_FORM = 0.10, 0.05
"""Forms with at least the first share of the values are usual, with at most the second they deviate; in between is no verdict."""
COVERED = 0.75
PLAIN_NUMBERS = 0.6
DECORATED = 5
USUAL_WORD = 0.05
LEVEL_ROWS, LEVEL_SHARE = 5, 0.005
"""A value that is repeated so often is a level of its own, such as `65+` among age bands."""
MAX_SKELETONS = 20_000
FIXED_LENGTH, RARE_LENGTH = 0.95, 0.01
_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Forms:
    """The form of every distinct value by position into `names`, and how many rows have each form."""

    names: list[str]
    form_of: Integers
    counts: Integers

    def share(self, position: int) -> float:
        """Share of the rows with a form."""
        return float(self.counts[position] / self.counts.sum())


def format_issue(series: Series, ignored: Mask, report: Report) -> Issue | None:
    """The values of a text column whose form is rare where nearly all values have one of a few structured forms.

    The proposed value is the only part of the text that has a usual form, if there is one.
    """
    if series.kind != "string" or series.is_("text"):
        return None
    skipped = _positions(series, ignored)
    counts = np.where(skipped, 0, series.distinct.counts)
    if counts.sum() < MIN_VALUES:
        return None
    forms = forms_of(series.distinct.values, counts)
    usual = _usual(forms) if forms else []
    if not forms or not usual:
        return None
    wrong = np.isin(forms.form_of, _deviating(forms, usual, series, counts)) & ~skipped
    wrong |= _odd_lengths(series, forms, usual, counts) & ~skipped
    positions = np.flatnonzero(wrong)
    if not len(positions) or counts[positions].sum() > (1 - PLAIN_NUMBERS) * counts.sum():
        return None
    return _issue(series, forms, usual, positions, report)


def _positions(series: Series, rows: Mask) -> Mask:
    """Which distinct values occur in `rows`, shape (distinct,)."""
    found = np.zeros(series.distinct_count, np.bool_)
    codes = series.distinct.codes[rows]
    found[codes[codes >= 0]] = True
    return found


def forms_of(values: pa.Array, counts: Integers) -> Forms | None:
    """The forms of distinct texts that occur `counts` times; None when there are too many to be forms."""
    skeletons = pc.replace_substring_regex(pc.utf8_trim_whitespace(values), pattern=_NUMBER, replacement="#")
    encoded = skeletons.dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    if len(texts) > MAX_SKELETONS:
        return None
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.bincount(codes, weights=counts, minlength=len(texts))
    words: Counter[str] = Counter()
    for text, count in zip(texts, rows.tolist(), strict=True):
        for word in set(_WORD.findall(text)):
            words[word] += count
    usual = {word for word, count in words.items() if count >= USUAL_WORD * rows.sum()}
    names: dict[str, int] = defaultdict(lambda: len(names))
    of_text = [names[_WORD.sub(lambda m: m[0] if m[0] in usual else "¤", text)] for text in texts]
    form_of = np.array(of_text, np.int64)[codes]
    totals = np.bincount(form_of, weights=counts, minlength=len(names)).astype(np.int64)
    return Forms(list(names), form_of, totals)


def _usual(forms: Forms) -> list[int]:
    """The usual forms; none when they do not cover the column or one of them is free text."""
    usual = [i for i in range(len(forms.names)) if forms.share(i) >= USUAL_FORM]
    if any(forms.names[i] == "#" and forms.share(i) > 0.5 for i in usual):
        usual = [i for i in usual if forms.names[i] == "#"]
        return usual if forms.share(usual[0]) >= PLAIN_NUMBERS else []
    if sum(forms.share(i) for i in usual) < COVERED or not all(_structured(forms.names[i]) for i in usual):
        return []
    return usual


def _structured(form: str) -> bool:
    """Has the form a number, and other words than the usual ones only as part of a code without spaces?"""
    return "#" in form and (" " not in form if "¤" in form else True)


def _deviating(forms: Forms, usual: list[int], series: Series, counts: Integers) -> list[int]:
    """The rare forms, and in a column of numbers those forms that only add something to a number of the column."""
    rare = [i for i in range(len(forms.names)) if i not in usual and 0 < forms.share(i) <= RARE_FORM]
    plain = [i for i in usual if forms.names[i] == "#"]
    decorated: set[str] = set()
    if len(usual) == 1 and plain:
        numbers = {
            text.replace(",", "")
            for text in series.distinct.values.filter(pa.array(forms.form_of == plain[0])).to_pylist()
        }
        for form in range(len(forms.names)):
            if form in usual or not counts[forms.form_of == form].any():
                continue
            texts = series.distinct.values.filter(pa.array(forms.form_of == form)).to_pylist()
            if _decorates(texts, numbers):
                decorated.add(forms.names[form])
                rare += [form] if form not in rare else []
    levels = counts >= np.maximum(LEVEL_ROWS, LEVEL_SHARE * counts.sum())
    rare = [i for i in rare if forms.names[i] in decorated or not levels[forms.form_of == i].any()]
    if any("¤" in forms.names[i] for i in usual):
        rare = [i for i in rare if forms.share(i) <= RARE_LENGTH]
    return rare


def _decorates(texts: list[str], numbers: set[str]) -> bool:
    """Are the texts numbers of the column with something added: the same ones, or many within the same range?

    A level such as `3+` among 0, 1 and 2 is neither.
    """
    cores = [found[0].replace(",", "") for text in texts if len(found := re.findall(_NUMBER, text)) == 1]
    if len(cores) <= 0.5 * len(texts):
        return False
    known = [float(number) for number in numbers]
    within = sum(min(known) <= float(core) <= max(known) for core in cores)
    return sum(core in numbers for core in cores) > 0.5 * len(texts) or (
        len(set(cores)) >= DECORATED and within >= 0.9 * len(cores)
    )


def _odd_lengths(series: Series, forms: Forms, usual: list[int], counts: Integers) -> Mask:
    """Distinct values of a usual form whose numbers have other lengths than nearly all values of that form."""
    odd = np.zeros(len(forms.form_of), np.bool_)
    unique = counts.max(initial=0) <= 1
    for form in usual:
        name = forms.names[form]
        fixed = domains.is_fixed_length(series)
        if not fixed and (name.count("#") < 2 if unique else name == "#"):
            continue
        here = np.flatnonzero(forms.form_of == form)
        shapes = pc.replace_substring_regex(series.distinct.values.take(pa.array(here)), "[0-9]", "9")
        encoded = shapes.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        rows = np.bincount(codes, weights=counts[here], minlength=len(encoded.dictionary))
        if rows.max() >= FIXED_LENGTH * rows.sum():
            odd[here] = (rows <= RARE_LENGTH * rows.sum())[codes]
    return odd


def _issue(series: Series, forms: Forms, usual: list[int], positions: Integers, report: Report) -> Issue:
    texts = series.distinct.values.to_pylist()
    accepted = re.compile("|".join(_pattern(forms.names[i]) for i in usual))
    example = {i: next(texts[p] for p in np.flatnonzero(forms.form_of == i)) for i in usual}
    wrong = [int(p) for p in positions]
    repairs = {p: _inside(accepted, texts[p]) for p in wrong}
    affected = series.distinct.rows_of(positions)
    codes = series.distinct.codes[affected]
    rank = {p: i for i, p in enumerate(wrong)}
    reason_of = np.array([rank[int(code)] for code in codes], np.int64)
    proposed = [repairs[int(code)] for code in codes]
    shares = np.array([forms.share(int(forms.form_of[p])) for p in wrong])
    shown = " / ".join(f"'{shortened(example[i])}'" for i in usual[:3])
    reasons = tuple(
        report.say(en=_REASON["en"], ko=_REASON["ko"], value=shortened(texts[p]), usual=shown) for p in wrong
    )
    return report.issue(
        "format_deviation",
        series,
        affected,
        severity="medium",
        dimension="consistency",
        certainty=np.where(shares[reason_of] <= RARE_LENGTH, 0.93, 0.9).astype(np.float32),
        repair=Repair(
            pa.array(proposed, pa.string()),
            np.array([0.8 if text is not None else 0.0 for text in proposed], np.float32),
            reasons,
            reason_of,
        ),
        en="{count:,} {values} of {column} {are} written otherwise than the rest, which looks like {usual}.",
        ko="{column} 열의 값 {count:,}개가 나머지({usual})와 다른 형식으로 적혀 있습니다.",
        usual=shown,
    )


_REASON = {
    "en": "'{value}' is not written like the rest of the column, such as {usual}.",
    "ko": "'{value}'(은/는) 열의 나머지 값({usual})과 형식이 다릅니다.",
}


def _pattern(form: str) -> str:
    """A regular expression for texts of a form that stand for themselves."""
    inner = re.escape(form).replace(r"\#", _NUMBER).replace("¤", r"[^\W\d_]+")
    return rf"(?<![\w.]){inner}(?![\w])"


def _inside(accepted: re.Pattern[str], text: str) -> str | None:
    """The only part of a text that has a usual form; None when there is none, or another quantity would be lost with the rest."""
    found = [match[0] for match in accepted.finditer(text)]
    if len(found) != 1 or found[0] == text:
        return None
    rest = text.replace(found[0], "", 1)
    lost = any(c.isdigit() for c in rest) and any(c.isalpha() for c in rest)
    return None if lost else found[0]
