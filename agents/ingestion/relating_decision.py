"""Which joins a combination makes, by the person's word where there is one; else the question to ask back."""

from collections.abc import Sequence

from mesh.errors import BadInputError, NeedsInputError
from mesh.language import Language, say

from .relating import Combination, Join, Sheet, Wish
from .relating_choice import Undecided, choose_joins, fold
from .relating_wording import told_join

_SHOWN = 5
_TELLING_CHARS = 4
Named = Sequence[tuple[str, str]]


def wanted_keys(sheets: Sequence[Sheet], on: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """The pairs of columns that `name` and `left=right` mean, in the tables' own spelling.

    Raises: BadInputError when no table has such a column.
    """
    spelled = {fold(column.name): column.name for sheet in sheets for column in sheet.columns}
    found = []
    for item in on:
        names = [part.strip() for part in item.split("=", 1)]
        for name in names:
            if fold(name) not in spelled:
                raise BadInputError(
                    say(
                        language,
                        en="No table has the column {name}. The columns are: {columns}.",
                        ko="{name} 열이 있는 표가 없습니다. 열은 다음과 같습니다: {columns}.",
                        name=name,
                        columns=", ".join(dict.fromkeys(spelled.values())),
                    )
                )
        found.append((spelled[fold(names[0])], spelled[fold(names[-1])]))
    return found


def decide(
    sheets: Sequence[Sheet], joins: Sequence[Join], wish: Wish, named: Named, language: Language
) -> Combination:
    """The joins to make between the tables; none for a single one.

    Without a word from the person only safe joins are made. With one, that key is taken as long as it multiplies no rows; a
    column that the question speaks of decides between equally good keys, and where nothing else joins the tables.
    Raises: NeedsInputError naming the candidates.
    """
    rows = [sheet.rows for sheet in sheets]
    ways = [way for join in joins for way in (join, join.turned()) if way.of_right.unique]
    if named:
        ways = [way for way in ways if _uses(way, named)] or _none_usable(sheets, joins, named, language)
    safe = ways if named else [way for way in ways if way.is_safe(wish.min_match)]
    chosen = choose_joins(rows, safe)
    if isinstance(chosen, Combination):
        return chosen
    if spoken := _spoken_of(ways, wish.goal):
        others = [way for way in safe if not any(_same_tables(way, other) for other in spoken)]
        named_by_goal = choose_joins(rows, [*others, *spoken])
        if isinstance(named_by_goal, Combination):
            return named_by_goal
    raise NeedsInputError(_question(sheets, joins, chosen, language))


def other_schema(
    sheets: Sequence[Sheet], groups: Sequence[Sequence[int]], language: Language
) -> BadInputError:
    """The error for tables that were to be stacked and have different columns."""
    first, second = sheets[groups[0][0]], sheets[groups[1][0]]
    known = {fold(column.name) for column in first.columns}
    other = {fold(column.name) for column in second.columns}
    return BadInputError(
        say(
            language,
            en="{first} and {second} cannot be stacked: their columns differ ({columns}). Join them by a key instead.",
            ko="{first}(과/와) {second}(은/는) 열이 달라({columns}) 위아래로 이어 붙일 수 없습니다. 키로 결합해 주십시오.",
            first=first.name,
            second=second.name,
            columns=", ".join(sorted(known ^ other)[:8]),
        )
    )


def _uses(way: Join, named: Named) -> bool:
    """Whether all keys of the join are columns that were named for it."""
    return all((key.left, key.right) in named or (key.right, key.left) in named for key in way.keys)


def _none_usable(
    sheets: Sequence[Sheet], joins: Sequence[Join], named: Named, language: Language
) -> list[Join]:
    """Raises: NeedsInputError saying why the named key joins nothing."""
    met = [join for join in joins if _uses(join, named)]
    listed = "; ".join(told_join(join, sheets, language) for join in met[:_SHOWN])
    if not met:
        raise NeedsInputError(
            say(
                language,
                en="The key {key} joins nothing: no value of it is in two tables. {candidates}",
                ko="{key} 키로는 결합되는 행이 없습니다. 두 표에 함께 있는 값이 없습니다. {candidates}",
                key=", ".join(" = ".join(dict.fromkeys(pair)) for pair in named),
                candidates=_candidates(sheets, joins, language),
            )
        )
    raise NeedsInputError(
        say(
            language,
            en="This key would multiply rows, because its values repeat in both tables: {listed}. Name one that is unique.",
            ko="이 키는 두 표 모두에서 값이 반복되어 행이 늘어납니다: {listed}. 한쪽에서 고유한 키를 지정해 주십시오.",
            listed=listed,
        )
    )


def _same_tables(left: Join, right: Join) -> bool:
    return {left.left, left.right} == {right.left, right.right}


def _spoken_of(ways: Sequence[Join], goal: str) -> list[Join]:
    """The joins whose key columns the question names; between two tables, those it names at most length."""
    said = fold(goal)

    def length(way: Join) -> int:
        names = [fold(name) for key in way.keys for name in (key.left, key.right)]
        named = [name for name in names if name in said or name.replace("_", " ") in said]
        return max((len(name) for name in named if len(name) >= _TELLING_CHARS), default=0)

    longest: dict[frozenset[int], int] = {}
    for way in ways:
        tables = frozenset({way.left, way.right})
        longest[tables] = max(length(way), longest.get(tables, 1))
    return [way for way in ways if length(way) == longest[frozenset({way.left, way.right})]]


def _question(
    sheets: Sequence[Sheet], joins: Sequence[Join], undecided: Undecided, language: Language
) -> str:
    if undecided.rivals:
        return say(
            language,
            en="Which key is meant? These are equally good: {rivals}. Name the column in the question or in the parameter on.",
            ko="어느 키로 결합할까요? 다음 키가 똑같이 알맞습니다: {rivals}. 질문이나 on 매개변수에 열 이름을 적어 주십시오.",
            rivals="; ".join(told_join(join, sheets, language) for join in undecided.rivals),
        )
    return say(
        language,
        en=(
            "By which key do {tables} belong to the others? No key joins them safely. {candidates} "
            "Name the column in the question or in the parameter on, or ask about one file by its name."
        ),
        ko=(
            "{tables}(은/는) 다른 표와 어느 키로 결합할까요? 안전하게 결합할 수 있는 키가 없습니다. {candidates} "
            "질문이나 on 매개변수에 열 이름을 적거나, 파일 이름을 들어 한 파일에 대해 질문해 주십시오."
        ),
        tables=", ".join(sheets[place].name for place in undecided.apart),
        candidates=_candidates(sheets, [join for join in joins if _touches(join, undecided)], language),
    )


def _touches(join: Join, undecided: Undecided) -> bool:
    return join.left in undecided.apart or join.right in undecided.apart


def _candidates(sheets: Sequence[Sheet], joins: Sequence[Join], language: Language) -> str:
    if not joins:
        return say(language, en="No two columns share values.", ko="값을 공유하는 열이 없습니다.")
    usable_first = sorted(joins, key=lambda join: (not join.of_right.unique, -join.of_left.match_rate))
    listed = "; ".join(told_join(join, sheets, language) for join in usable_first[:_SHOWN])
    return say(language, en="Candidates: {listed}.", ko="후보: {listed}.", listed=listed)
