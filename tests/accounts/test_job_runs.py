"""Job runs: one claim per run, taken over from the silent, and nothing written by who lost it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.enums import JobState
from accounts.job_runs import (
    SILENT_FOR,
    Claim,
    ClaimLost,
    claim,
    last_done,
    run_claimed,
)
from accounts.models import JobRun, User
from tests import factories as make

pytestmark = pytest.mark.django_db
JOB, PATH, DAY = "flag_absences", "000001000002000003", date(2026, 11, 19)
CLAIMERS = 8


def fall_silent(by: timedelta = SILENT_FOR + timedelta(seconds=1)) -> None:
    """The worker at it last gave a sign that long ago."""
    run = JobRun.objects.get()
    JobRun.objects.update(heartbeat=run.heartbeat - by)


def state() -> str:
    return JobRun.objects.get().state


class TestClaim:
    def test_is_made_once(self):
        assert isinstance(claim(JOB, PATH, DAY), Claim)
        assert claim(JOB, PATH, DAY) is None
        assert claim(JOB, PATH, DAY, again=True) is None
        assert JobRun.objects.count() == 1 and state() == JobState.RUNNING

    @pytest.mark.parametrize(
        ("name", "path", "on"),
        [
            ("other", PATH, DAY),
            (JOB, "000001000002000004", DAY),
            (JOB, PATH, DAY - timedelta(days=1)),
        ],
    )
    def test_of_another_job_county_or_day_is_another(self, name, path, on):
        claim(JOB, PATH, DAY)
        assert claim(name, path, on) is not None

    def test_of_a_silent_worker_is_taken_over(self):
        first = claim(JOB, PATH, DAY)
        fall_silent()
        second = claim(JOB, PATH, DAY)
        assert second and second.run_id == first.run_id and second.token != first.token

    def test_of_a_worker_that_still_breathes_is_not(self):
        held = claim(JOB, PATH, DAY)
        fall_silent(SILENT_FOR - timedelta(seconds=20))
        assert claim(JOB, PATH, DAY) is None
        fall_silent()
        held.guard(done=1, total=3)
        assert claim(JOB, PATH, DAY) is None, "a guard is a sign of life"

    def test_of_a_run_that_is_done_is_made_again_only_when_asked(self):
        run_claimed(JOB, PATH, DAY, lambda held: {})
        fall_silent(timedelta(days=2))
        assert claim(JOB, PATH, DAY) is None
        assert claim(JOB, PATH, DAY, again=True) is not None

    def test_of_a_silent_worker_is_taken_over_by_one_only(self):
        claim(JOB, PATH, DAY)
        fall_silent()
        assert [bool(claim(JOB, PATH, DAY)) for _ in range(3)] == [True, False, False]


class TestGuard:
    def test_says_how_far_the_work_is(self):
        claim(JOB, PATH, DAY).guard(done=2, total=5)
        run = JobRun.objects.get()
        assert (run.done, run.total) == (2, 5)

    def test_stops_the_paused_worker_before_it_writes(self):
        """The worker slept, another took over; waking, it writes nothing of its next chunk."""

        def chunk(held: Claim) -> None:
            with transaction.atomic():
                held.guard(done=1, total=1)
                make.user(username="written")

        paused = claim(JOB, PATH, DAY)
        fall_silent()
        other = claim(JOB, PATH, DAY)
        with pytest.raises(ClaimLost):
            chunk(paused)
        assert not User.objects.filter(username="written").exists()
        chunk(other)
        assert User.objects.filter(username="written").exists()

    def test_stops_it_inside_run_claimed_too_and_its_summary_is_not_kept(self):
        def slept(held: Claim) -> dict:
            fall_silent()
            assert run_claimed(JOB, PATH, DAY, lambda other: {"by": "other"}) == {"by": "other"}
            held.guard(done=1, total=1)
            return {"by": "paused"}

        assert run_claimed(JOB, PATH, DAY, slept) is None
        run = JobRun.objects.get()
        assert (run.state, run.summary) == (JobState.DONE, {"by": "other"})

    def test_a_worker_that_wakes_after_its_last_guard_does_not_overwrite_the_summary(self):
        def slept(held: Claim) -> dict:
            held.guard(done=1, total=1)
            fall_silent()
            run_claimed(JOB, PATH, DAY, lambda other: {"by": "other"})
            return {"by": "paused"}

        run_claimed(JOB, PATH, DAY, slept)
        assert JobRun.objects.get().summary == {"by": "other"}


class TestRun:
    def test_keeps_its_summary_and_when_it_was_done(self):
        assert run_claimed(JOB, PATH, DAY, lambda held: {"flagged": 3}) == {"flagged": 3}
        run = JobRun.objects.get()
        assert (run.state, run.summary) == (JobState.DONE, {"flagged": 3})
        assert run.finished_at is not None and last_done(JOB, PATH) == DAY

    def test_done_is_not_done_again(self):
        run_claimed(JOB, PATH, DAY, lambda held: {"n": 1})
        assert run_claimed(JOB, PATH, DAY, lambda held: {"n": 2}) is None
        assert run_claimed(JOB, PATH, DAY, lambda held: {"n": 3}, again=True) == {"n": 3}
        assert JobRun.objects.count() == 1 and JobRun.objects.get().summary == {"n": 3}

    def test_failed_is_told_and_tried_again_at_once(self):
        def fails(held: Claim) -> dict:
            raise ValueError("the disk is full")

        with pytest.raises(ValueError, match="full"):
            run_claimed(JOB, PATH, DAY, fails)
        assert state() == JobState.FAILED
        assert last_done(JOB, PATH) is None
        assert run_claimed(JOB, PATH, DAY, lambda held: {"n": 1}) == {"n": 1}
        assert last_done(JOB, PATH) == DAY

    def test_last_done_is_the_latest_day_of_this_county(self):
        for ago in (0, 1, 2):
            run_claimed(JOB, PATH, DAY - timedelta(days=1 + ago), lambda held: {})
        claim(JOB, PATH, DAY)
        run_claimed(JOB, "000001000002000009", DAY, lambda held: {})
        assert last_done(JOB, PATH) == DAY - timedelta(days=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stands", [False, True])
def test_of_many_that_claim_at_the_same_moment_one_wins(stands):
    """Of a run nobody has claimed, and of one whose worker fell silent."""
    if stands:
        claim(JOB, PATH, DAY)
        fall_silent()
    start = Barrier(CLAIMERS)

    def attempt(_: int) -> bool:
        try:
            start.wait(timeout=10)
            return claim(JOB, PATH, DAY) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(CLAIMERS) as pool:
        assert sum(pool.map(attempt, range(CLAIMERS))) == 1
