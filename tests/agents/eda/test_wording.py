import pytest

from agents.eda.wording import p_part, prose_figure, sentence
from mesh.language import Language


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        (13_205_095_005.0, "132.1억", "13.2 billion"),
        (473_200_000.0, "4.73억", "473.2 million"),
        (-3_932_894_660.0, "-39.3억", "-3.93 billion"),
        (1.25e13, "12.5조", "12.5 trillion"),
        (99_999_999.0, "99,999,999", "99,999,999"),
        (0.0456, "0.0456", "0.0456"),
    ],
)
def test_large_numbers_have_the_units_of_the_language(value: float, korean: str, english: str) -> None:
    assert prose_figure(value, "ko") == korean
    assert prose_figure(value, "en") == english


@pytest.mark.parametrize(
    ("language", "text"), [("ko", "합계는 2.50억이며"), ("en", "a total of 250.0 million")]
)
def test_sentences_print_them(language: Language, text: str) -> None:
    assert sentence(language, en="a total of {x}", ko="합계는 {x}이며", x=2.5e8) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0497, "p = 0.0497"), (0.04997, "p = 0.04997"), (0.0494, "p = 0.049"), (0.05, "p = 0.050")],
)
def test_a_p_below_five_percent_is_not_rounded_up_to_it(p: float, text: str) -> None:
    template, values = p_part(p)
    assert template.format(**values) == text
