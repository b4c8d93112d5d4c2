"""What a refusal shows of a cell: no number of a person in full, however it is split."""

import re

import pytest

from accounts.file_door.rows import SHOWN, masked
from tests.factories import id_number

NUMBER = id_number(7, "20130901")
PARTS = NUMBER[:6], NUMBER[6:14], NUMBER[14:]


@pytest.mark.parametrize(
    "joint", ["", " ", "-", ".", "\n", "\r\n", " - ", "/", "_", "　", "—", "、", "'"]
)
def test_a_split_identity_number_is_masked(joint):
    text = joint.join(PARTS)
    for value in (text, f"王{text}李", f"2026-09-01 {text}", f"{text} {text}", f"G{text}"):
        told = masked(value)
        assert PARTS[0] not in told and PARTS[1] not in told, value
        assert len(told) <= SHOWN + 1


@pytest.mark.parametrize(
    "value",
    [
        " ".join(NUMBER), NUMBER[:17] + "×", NUMBER[:9] + "\n" + NUMBER[9:], NUMBER + "1",
        "13887654321", "138 8765 4321", "138-8765-4321", "+86 138.8765.4321", "电话13887654321",
        "0871-61234567", "539901130901007", "539901 130901 007",
    ],
)  # fmt: skip
def test_at_most_four_digits_are_left(value):
    assert len(re.sub(r"\D", "", masked(value))) <= 4


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-01", "2026-13-45", "2026-09-01 08:00:00", "2026-09-01 2027-01-20", "20260901",
        "2026.9.1-2026.12.31", "5399010001", "539901100200", "七(1)班", "1.5", "#N/A",
    ],
)  # fmt: skip
def test_days_codes_and_words_are_shown(value):
    assert masked(value) == value


def test_a_number_at_the_edge_of_what_is_shown_is_masked_first():
    told = masked("字" * (SHOWN - 10) + NUMBER)
    assert len(told) == SHOWN + 1 and not re.search(r"\d", told)
