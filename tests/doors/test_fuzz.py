"""Spoilt files through every door: 300 of them in CI, 5,000 with `make fuzz`.

A case is named by its door and number: `-k roster-0017` runs one alone. KONGCHUO_FUZZ_SEED gives
other dice, KONGCHUO_FUZZ_FILES another count; what fails names its seed.
"""

import os

import pytest

from tests.doors import fuzzing
from tests.doors.faces import DOORS
from tests.doors.guard import Guard

SEED = int(os.environ.get("KONGCHUO_FUZZ_SEED") or 20261119)
FILES = int(os.environ.get("KONGCHUO_FUZZ_FILES") or 300)
CASES = [(list(DOORS)[n % len(DOORS)], n // len(DOORS)) for n in range(FILES)]


pytestmark = pytest.mark.django_db  # the child works in the test database, and commits nothing


@pytest.fixture(scope="module")
def guard():
    guard = Guard(fuzzing.build, fuzzing.run)
    yield guard
    guard.end()


@pytest.mark.parametrize(
    ("door", "number"), CASES, ids=[f"{door}-{number:04d}" for door, number in CASES]
)
def test_a_spoilt_file(guard, door, number):
    answer = guard.ask({"door": door, "number": number, "seed": SEED})
    again = f"make fuzz SEED={SEED} FILES={FILES} ARGS='-k {door}-{number:04d}'"
    assert "died" not in answer, f"{again}: the process ended by {answer['died']}"
    assert not answer["faults"], "\n".join(
        [f"{again}: {answer['kind']} by {answer['face']}", *answer["faults"], *answer["said"]]
    )
