"""Which SQL a question may bring: one statement that reads. The database itself refuses writes as well."""

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from mesh.errors import BadInputError, ForbiddenError

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
        raise BadInputError("The query is not SQL: a quote or a comment in it does not end.") from None
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        raise BadInputError("The query is empty. Write one SELECT statement.")
    if any(token.token_type is TokenType.SEMICOLON for token in tokens):
        raise BadInputError("The query holds several statements. Write one SELECT statement.")
    first = tokens[0].text.upper()
    if first not in _READING:
        raise ForbiddenError(
            f"Connections are read-only: a query begins with SELECT or WITH, not with {first[:40]}."
        )
    if any(token.token_type is TokenType.INTO for token in tokens):
        raise ForbiddenError("Connections are read-only: a query cannot write its result somewhere (INTO).")
    return query[: tokens[-1].end + 1].strip()
