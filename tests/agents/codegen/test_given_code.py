"""Finding the code in a message."""

import pytest

from agents.codegen.given_code import code_in


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Run this:\n```python\nx = 1\nprint(x)\n```\nthanks", "x = 1\nprint(x)"),
        ("```\na = 1\n```\nand\n```py\nb = 2\n```", "a = 1\n\nb = 2"),
        ("이 코드를 실행해줘\ntotal = sum(range(4))\ntotal", "total = sum(range(4))\ntotal"),
        ("Run this: print(1 + 1)", "print(1 + 1)"),
        ("run this: ```python\nprint(1)\n```", "print(1)"),
        ("실행해줘 ```len(df)```", "len(df)"),
        ("run ```python print(1)```", "print(1)"),
        ("Run:\n```bash\npip install x\n```\n```Python\nprint(1)\n```", "print(1)"),
        ("```\npy = 3\n```", "py = 3"),
        ("````\ntext = '```'\n````", "text = '```'"),
        ("~~~python\nif True:\n    y = 2\n~~~", "if True:\n    y = 2"),
    ],
)
def test_code_is_found(message: str, code: str) -> None:
    assert code_in(message) == code


@pytest.mark.parametrize(
    "message",
    ["hello", "Run my code", "매출", "데이터를 분석해줘", "", "sales, revenue", "```sql\nSELECT 1\n```"],
)
def test_words_are_no_code(message: str) -> None:
    assert code_in(message) is None


def test_commands_of_a_notebook_are_no_code() -> None:
    code = code_in(
        "Run this\n```python\n%matplotlib inline\nimport math\nif True:\n    !pip list\nmath.pi\n```"
    )
    assert code == "pass  # %matplotlib inline\nimport math\nif True:\n    pass  # !pip list\nmath.pi"
    assert code_in("```\nn = 7\nn = (n\n  %3)\n```") == "n = 7\nn = (n\n  %3)"
