"""Which SQL a question may bring: one statement that reads. The database itself refuses writes as well."""

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from mesh.errors import BadInputError, ForbiddenError
from mesh.language import refused

_READING = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "FROM", "("})
_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}


def checked_statement(query: str, kind: str) -> str:
    """`query` without a closing semicolon.

    Raises: BadInputError when it is not SQL or several statements; ForbiddenError when it does not begin as one that reads,
    or writes what it reads (INTO).
    """
    try:
        tokens = sqlglot.tokenize(query, dialect=_DIALECTS.get(kind))
    except SqlglotError:
        raise refused(
            BadInputError,
            en="The query is not SQL: a quote or a comment in it does not end.",
            ko="질의가 SQL이 아닙니다. 따옴표나 주석이 닫히지 않았습니다.",
        ) from None
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        raise refused(
            BadInputError,
            en="The query is empty. Write one SELECT statement.",
            ko="질의가 비어 있습니다. SELECT 문을 하나 적어 주십시오.",
        )
    if any(token.token_type is TokenType.SEMICOLON for token in tokens):
        raise refused(
            BadInputError,
            en="The query holds several statements. Write one SELECT statement.",
            ko="질의에 문이 여러 개 있습니다. SELECT 문을 하나만 적어 주십시오.",
        )
    first = tokens[0].text.upper()
    if first not in _READING:
        raise refused(
            ForbiddenError,
            en="Connections are read-only: a query begins with SELECT or WITH, not with {first}.",
            ko="연결은 읽기 전용이라 질의는 {first}(이/가) 아니라 SELECT나 WITH로 시작해야 합니다.",
            first=first[:40],
        )
    if any(token.token_type is TokenType.INTO for token in tokens):
        raise refused(
            ForbiddenError,
            en="Connections are read-only: a query cannot write its result somewhere (INTO).",
            ko="연결은 읽기 전용이라 질의 결과를 다른 곳에 쓸 수 없습니다(INTO).",
        )
    return query[: tokens[-1].end + 1].strip()
