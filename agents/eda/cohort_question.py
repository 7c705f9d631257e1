"""What a question about cohorts or a funnel needs: who, when, and which step."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mesh.errors import BadInputError, NeedsInputError
from mesh.language import Language, say
from mesh.tabular.focus import Focus
from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Sheet

from .stage_order import MAX_STAGES
from .survey import Survey

FUNNEL = re.compile(
    r"funnel|conver|drop[- ]?off|\bsteps?\b|\bstages?\b|퍼널|깔때기|전환|단계|이탈 ?지점", re.IGNORECASE
)
RETENTION = re.compile(
    r"cohort|retention|retain|come back|return|repeat|코호트|리텐션|유지율|잔존|재방문|재구매|돌아오",
    re.IGNORECASE,
)
PEOPLE = frozenset(
    {
        "user",
        "customer",
        "member",
        "client",
        "account",
        "visitor",
        "person",
        "subscriber",
        "buyer",
        "player",
        "device",
    }
    | {"lead", "deal", "contact", "고객", "회원", "사용자", "유저", "방문자", "구매자", "가입자"}
)
IDENTIFYING = frozenset({"id", "no", "number", "key", "uuid", "code", "번호", "아이디", "코드"})
STAGE = frozenset({"stage", "step", "event", "funnel", "action", "단계", "이벤트", "행동", "스텝", "퍼널"})
JOINED = frozenset(
    {
        "signup",
        "joined",
        "join",
        "registered",
        "registration",
        "birth",
        "가입일",
        "가입",
        "생년월일",
        "등록일",
    }
)


@dataclass(frozen=True)
class CohortQuestion:
    """Columns: `person` tells people apart, `date` says when, `stage` which step. Without `date` there is no retention, without
    `stage` no funnel."""

    person: str
    date: str | None
    stage: str | None


def read_cohort_question(
    seen: Survey,
    focus: Focus,
    goal: str,
    person: str | None,
    date: str | None,
    stage: str | None,
    language: Language,
) -> CohortQuestion:
    """The columns that `goal` is about; `person`, `date` and `stage` name them where the caller knows them.

    Raises: NeedsInputError when several columns could be meant or one is missing, naming them; BadInputError when a named column
    does not fit.
    """
    sheet = seen.sheet
    _check(person, [column.name for column in sheet.columns], language)
    _check(date, list(sheet.dates), language)
    _check(stage, list(sheet.levels), language)
    wants_funnel, wants_retention = bool(FUNNEL.search(goal)), bool(RETENTION.search(goal))
    either = wants_funnel == wants_retention
    stage = stage or (_stage(sheet, focus, language, ask=wants_funnel) if wants_funnel or either else None)
    person = person or _person(seen, focus, stage, language)
    date = date or _date(sheet, focus, language)
    if wants_funnel and stage is None and not wants_retention:
        raise _missing(
            sheet, language, en="a column of steps (such as stage or event)", ko="단계 열(예: stage, event)"
        )
    if stage is None and date is None:
        raise _missing(sheet, language, en="a column of dates", ko="날짜 열")
    return CohortQuestion(person, date, stage)


def _person(seen: Survey, focus: Focus, stage: str | None, language: Language) -> str:
    """The column of people: named in the question, else called after people, else the only identifier that repeats."""
    sheet = seen.sheet
    usable = [
        column.name
        for column in sheet.columns
        if column.name != stage
        and (
            column.semantic == "identifier"
            or (column.semantic != "date" and _called(column.name, IDENTIFYING))
        )
    ]
    people = [name for name in usable if _called(name, PEOPLE)]
    people += [n for n in sheet.levels if n not in usable and n != stage and set(words(n)) <= PEOPLE]
    for candidates in (
        [n for n in (*usable, *people) if n in focus.asked],
        people,
        _repeating(seen, usable),
        usable,
    ):
        unique = list(dict.fromkeys(candidates))
        if len(unique) == 1:
            return unique[0]
        if unique:
            repeating = _repeating(seen, unique)
            if len(repeating) == 1:
                return repeating[0]
            raise _several(unique, language, en="people (id)", ko="사람을 구분하는 열(id)")
    raise _missing(
        sheet,
        language,
        en="a column that tells people apart (such as customer_id)",
        ko="사람을 구분하는 열(예: customer_id)",
    )


def _repeating(seen: Survey, names: Iterable[str]) -> list[str]:
    return [name for name in names if seen.sheet.distinct[name] < seen.rows - seen.sheet.missing[name]]


def _date(sheet: Sheet, focus: Focus, language: Language) -> str | None:
    """The only date, the one named, or the only one that is not of joining."""
    dates = list(sheet.dates)
    asked = [name for name in dates if name in focus.asked]
    later = [name for name in dates if not _called(name, JOINED)]
    for candidates in (asked, dates, later):
        if len(candidates) == 1:
            return candidates[0]
    if not dates:
        return None
    raise _several(dates, language, en="the date", ko="날짜 열(date)")


def _stage(sheet: Sheet, focus: Focus, language: Language, *, ask: bool) -> str | None:
    usable = [name for name, levels in sheet.levels.items() if 2 <= len(levels.names) <= MAX_STAGES]
    called = [name for name in usable if _called(name, STAGE)]
    for candidates in (
        [n for n in called if n in focus.asked],
        called,
        [n for n in usable if n in focus.asked and ask],
    ):
        if len(candidates) == 1:
            return candidates[0]
        if candidates and ask:
            raise _several(candidates, language, en="the steps (stage)", ko="단계 열(stage)")
    return None


def _called(name: str, terms: frozenset[str]) -> bool:
    return bool(terms & set(words(name))) or any(term in name for term in terms if not term.isascii())


def _check(name: str | None, usable: list[str], language: Language) -> None:
    if name is None or name in usable:
        return
    raise BadInputError(
        say(
            language,
            en="{name} cannot be used here; usable columns are {usable}.",
            ko="{name} 열은 여기에 쓸 수 없습니다. 쓸 수 있는 열: {usable}.",
            name=name,
            usable=", ".join(usable) or "-",
        )
    )


def _several(names: list[str], language: Language, *, en: str, ko: str) -> NeedsInputError:
    return NeedsInputError(
        say(
            language,
            en="Several columns could be {what}: {names}. Which one is it? Name it in the question.",
            ko="{what}(으로/로) 볼 수 있는 열이 여럿입니다: {names}. 어느 열인지 질문에 적어 주세요.",
            what=en if language == "en" else ko,
            names=", ".join(names),
        )
    )


def _missing(sheet: Sheet, language: Language, *, en: str, ko: str) -> NeedsInputError:
    return NeedsInputError(
        say(
            language,
            en="This needs {what}, which I do not find. Which column is it? The columns are {names}.",
            ko="이 분석에는 {what}(이/가) 필요하지만 찾지 못했습니다. 어느 열인가요? 열 목록: {names}.",
            what=en if language == "en" else ko,
            names=", ".join(column.name for column in sheet.columns),
        )
    )
