"""Lets exactly one read-only SELECT over the view `data` through, by an allow-list of syntax nodes."""

import sqlglot
from sqlglot import exp

from mesh.errors import BadInputError

VIEW = "data"

_STRUCTURE: tuple[type[exp.Expr], ...] = (
    exp.Select,
    exp.Subquery,
    exp.From,
    exp.Table,
    exp.TableAlias,
    exp.Identifier,
    exp.Column,
    exp.Alias,
    exp.Star,
    exp.Where,
    exp.Group,
    exp.Having,
    exp.Order,
    exp.Ordered,
    exp.Limit,
    exp.Offset,
    exp.Distinct,
    exp.Window,
    exp.WindowSpec,
    exp.Filter,
    exp.Paren,
    exp.Tuple,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Cast,
    exp.TryCast,
    exp.DataType,
    exp.DataTypeParam,
    exp.Case,
    exp.If,
    exp.Interval,
    exp.Var,
    exp.With,
    exp.CTE,
    exp.Qualify,
    exp.WithinGroup,
)
_OPERATORS: tuple[type[exp.Expr], ...] = (
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Like,
    exp.ILike,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.IntDiv,
    exp.Mod,
    exp.Neg,
    exp.DPipe,
    exp.Concat,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
)
_FUNCTIONS: tuple[type[exp.Expr], ...] = (
    exp.Sum,
    exp.Avg,
    exp.Min,
    exp.Max,
    exp.Count,
    exp.CountIf,
    exp.Median,
    exp.Stddev,
    exp.StddevSamp,
    exp.StddevPop,
    exp.Variance,
    exp.Corr,
    exp.Lag,
    exp.Lead,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.Quantile,
    exp.PercentileCont,
    exp.Round,
    exp.Abs,
    exp.Ceil,
    exp.Floor,
    exp.Coalesce,
    exp.Nullif,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Length,
    exp.DateTrunc,
    exp.TimestampTrunc,
    exp.Extract,
    exp.Year,
    exp.Month,
    exp.Quarter,
    exp.Day,
    exp.DayOfWeek,
    exp.DayOfWeekIso,
    exp.TimeToStr,
    exp.TsOrDsToTimestamp,
    exp.TsOrDsToDate,
    exp.DateDiff,
    exp.Greatest,
    exp.Least,
)
_ALLOWED = frozenset(_STRUCTURE + _OPERATORS + _FUNCTIONS)
_NAMED_FUNCTIONS = frozenset({"strftime", "isodow", "date_part", "regr_slope", "stddev_samp"})


class UnsafeSqlError(BadInputError):
    """The SQL is not one read-only SELECT over the view `data`."""

    title = "The SQL is not allowed"


def check_sql(sql: str) -> str:
    """The statement in canonical DuckDB text, when it is one read-only SELECT over `data`.

    Raises: UnsafeSqlError when it does not parse, is several statements, is another kind of statement, reads anything but
    `data` (files, table functions, other schemas), or uses a function that is not on the list.
    """
    try:
        statements = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise UnsafeSqlError(f"The SQL cannot be parsed: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or statements[0] is None:
        raise UnsafeSqlError(f"Exactly one statement is allowed, this is {len(statements)}.")
    statement = statements[0]
    if not isinstance(statement, exp.Select):
        raise UnsafeSqlError(f"Only SELECT is allowed, this is {type(statement).__name__}.")
    names = _own_names(statement)
    for node in statement.walk():
        _check_node(node, names)
    if not any(isinstance(n, exp.Table) and n.name == VIEW for n in statement.walk()):
        raise UnsafeSqlError(f"The statement must read from `{VIEW}`.")
    return statement.sql(dialect="duckdb")


def _own_names(statement: exp.Expr) -> frozenset[str]:
    """Names of the statement's own common table expressions; one that hides `data` is refused."""
    names = [cte.alias for cte in statement.find_all(exp.CTE)]
    if VIEW in (name.lower() for name in names):
        raise UnsafeSqlError(f"A common table expression must not be called `{VIEW}`.")
    return frozenset(names)


def _check_node(node: exp.Expr, names: frozenset[str]) -> None:
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in _NAMED_FUNCTIONS:
            raise UnsafeSqlError(f"The function {node.name} is not allowed.")
        return
    if type(node) not in _ALLOWED:
        raise UnsafeSqlError(f"{type(node).__name__} is not allowed in the SQL.")
    if isinstance(node, exp.With) and node.recursive:
        raise UnsafeSqlError("A recursive common table expression is not allowed.")
    if isinstance(node, exp.CTE) and not isinstance(node.this, exp.Select):
        raise UnsafeSqlError("A common table expression must be a SELECT.")
    if isinstance(node, exp.Table):
        plain = (
            isinstance(node.this, exp.Identifier) and not node.args.get("db") and not node.args.get("catalog")
        )
        if not plain or (node.name != VIEW and node.name not in names):
            raise UnsafeSqlError(f"Only `{VIEW}` can be read, not {node.sql(dialect='duckdb')}.")
