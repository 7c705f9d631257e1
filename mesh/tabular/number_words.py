"""Small numbers as people write them out in English and Korean."""

NUMBER_WORDS: dict[str, int] = {
    **{
        word: number
        for number, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
        )
    },
    **{
        word: number
        for number, word in enumerate(
            ["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"], 1
        )
    },
    "twenty": 20,
    "스무": 20,
}
"""Cardinals up to ten, and twenty; the Korean ones in the form that stands before what is counted (`세 개`)."""
