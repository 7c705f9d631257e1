"""Habits in data code: found where they are, and nowhere else."""

import pytest

from agents.codegen.advice import advice_on

SLOW = """
out = []
text = ""
names = ["a", "b"]
for _, row in df.iterrows():
    text += row["x"]
    if row["x"] in names:
        df = pd.concat([df, row])
df["z"] = df.apply(lambda row: row.x, axis=1)
df[df.a > 1]["b"] = 3
"""


def test_each_habit_is_found_in_its_line() -> None:
    assert [(item.kind, item.line) for item in advice_on(SLOW)] == [
        ("iterrows", 5),
        ("string_sum", 6),
        ("list_membership", 7),
        ("grow_in_loop", 8),
        ("apply_rows", 9),
        ("chained_assignment", 10),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "names = {'a'}\nfor x in y:\n    x in names",
        "total = 0\nfor x in y:\n    total += x",
        "pd.concat(parts)",
        "df.apply(f)",
        "df.loc[df.a > 1, 'b'] = 3",
        "d['a']['b'] = 1",
        "not python (",
    ],
)
def test_sound_code_gets_no_advice(source: str) -> None:
    assert advice_on(source) == []
