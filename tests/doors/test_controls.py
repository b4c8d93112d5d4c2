"""The harness finds what it is for: each planted fault is told, and an honest door has none."""

import pytest

from tests.doors import fuzzing, planted
from tests.doors import guard as bounds
from tests.doors.faces import Command, Door, File
from tests.doors.guard import Guard, Meter

pytestmark = pytest.mark.django_db
FILE = File("名册.csv", b"1,2\n")


def run(place: fuzzing.Place, case: dict) -> dict:
    door = Door("planted", "bureau", Command(getattr(planted, case["fault"])(), applies=True))
    place.seconds = 1.0 if case["fault"] == "Dawdles" else fuzzing.SECONDS * fuzzing.SPREAD
    return fuzzing.send_by_command(place, door, FILE).as_json()


@pytest.fixture(scope="module")
def guard():
    guard = Guard(fuzzing.build, run)
    yield guard
    guard.end()


def test_an_honest_door_has_no_fault_and_the_next_case_finds_nothing_of_it(guard):
    assert guard.ask({"fault": "Planted"})["faults"] == []
    assert guard.ask({"fault": "Planted"})["faults"] == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("FallsOver", "fell over: .*UnicodeDecodeError"),
        ("WritesAPart", "wrote although it was not applied.*0 → 3 rows"),
        ("Rewrites", r"wrote although it was not applied.*User.*\(rewritten\)"),
        ("KeepsWhatIsUnseen", "kept .*unseen characters"),
        ("IsSilent", "refused without a sentence"),
        ("TellsNumbers", "shows the identity number"),
        ("Hoards", r"took \d+ MiB"),
        ("Dawdles", r"took [1-4]\.\d s"),
    ],
)
def test_a_planted_fault_is_told(guard, fault, told):
    answer = guard.ask({"fault": fault})
    assert "died" not in answer, answer
    (said,) = answer["faults"]
    assert fuzzing.re.search(told, said, fuzzing.re.DOTALL), said


def test_a_door_that_takes_all_memory_is_told_and_the_next_case_runs(guard):
    answer = guard.ask({"fault": "Dies"})
    assert "died" in answer or "MemoryError" in answer["faults"][0], answer
    assert guard.ask({"fault": "Planted"})["faults"] == []


@pytest.mark.parametrize("slower", [0.5, 1, 3])
def test_the_seconds_of_a_case_are_those_of_one_machine(monkeypatch, slower):
    """As much slower over the fixed work as over the case: as many seconds."""
    clock = iter([0.0, 2.0 * slower])
    monkeypatch.setattr(bounds, "stride_of_work", lambda: bounds.YARDSTICK * slower)
    monkeypatch.setattr(bounds, "_seconds", lambda: next(clock))
    meter = Meter()
    with meter.running():
        pass
    assert meter.seconds == pytest.approx(2.0)
