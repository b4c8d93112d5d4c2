"""A stored proof is enough: from it alone the same answer is computed again."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.enums import AlertState, Mark
from attendance.models import AbsenceAlert
from attendance.rules import proof
from attendance.rules.proof import Source
from attendance.rules.streaks import DayFacts, unseen
from students.enums import AbsenceState
from tests.attendance.histories import Life
from tests.attendance.oracle import answer
from tests.attendance.rules.test_histories import run_job

FACTS = st.builds(
    DayFacts,
    taken=st.booleans(),
    listed=st.booleans(),
    mark=st.sampled_from([None, None, *Mark]),
    leave=st.sampled_from([None, None, *AbsenceState]),
    away=st.booleans(),
)
FIRST = date(2026, 9, 1)


@given(st.lists(FACTS, max_size=20), st.integers(1, 4))
def test_a_proof_written_to_json_gives_the_run_again(filed, teacher_days):
    days = [FIRST + timedelta(days=n) for n in range(len(filed))]
    facts = dict(zip(days, filed, strict=True))
    sources = {day: Source(by="杨雪梅", note="发烧") for day in days}
    written = proof.write(
        FIRST + timedelta(days=30), days, facts, sources,
        threshold=3, teacher_days=teacher_days, policy="云政办规〔2022〕5号 第4条",
    )  # fmt: skip
    stored = json.loads(json.dumps(written, ensure_ascii=False))
    assert proof.read(stored) == unseen(days, facts, teacher_days)
    assert (stored["threshold"], stored["policy"]) == (3, "云政办规〔2022〕5号 第4条")
    assert {(line["by"], line["note"]) for line in stored["days"]} <= {("杨雪梅", "发烧")}


def test_a_proof_begins_on_the_day_the_child_was_last_seen():
    days = [FIRST + timedelta(days=n) for n in range(4)]
    out = DayFacts(True, mark=Mark.ABSENT)
    facts = dict(zip(days, [out, DayFacts(True), out, DayFacts(False)], strict=True))
    written = proof.write(days[3], days, facts, {}, threshold=3, teacher_days=3, policy="")
    assert [(line["day"][-2:], line["state"]) for line in written["days"]] == [
        ("02", "seen"), ("03", "unexplained"), ("04", "not_taken"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_alert_of_a_random_county_can_be_judged_again_from_its_proof(settings):
    life = Life(2, settings, per_room=50)
    for _ in life.days():
        pass
    run_job(life.window.last)
    standing = AbsenceAlert.objects.filter(state=AlertState.OPEN).select_related("student")
    assert standing.count() >= 3
    for alert in standing:
        again = proof.read(alert.proof)
        told = answer(alert.student.uid, life.window.last, life.world)
        assert again.verdict(alert.proof["threshold"]).value == told.verdict == "alert"
        assert (again.unexplained, again.not_taken) == (told.unexplained, told.not_taken)
