"""The table of jobs is whole, and the page in docs/ is drawn from it."""

from pathlib import Path

import pytest

from kongchuo.jobs import JOBS, TABLE
from kongchuo.jobs_text import draw

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_in_docs_is_drawn_from_the_table():
    page = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    assert page == draw(), "run manage.py draw_docs"


def test_the_page_has_a_row_for_every_job_and_every_verb_that_makes_one_stale():
    page = draw()
    assert all(f"| `{job.name}` | {job.label} |" in page for job in TABLE)
    verbs = {verb for job in TABLE for cause in job.stale_by for verb in cause.verbs}
    assert verbs and all(f"`{verb}`" in page for verb in verbs)


def test_a_name_stands_once_and_a_job_follows_one_that_stands_before_it():
    assert len(JOBS) == len(TABLE)
    before: set[str] = set()
    for job in TABLE:
        assert bool(job.after) != bool(job.clock), "it waits for a job or for an hour"
        assert not job.after or job.after in before
        assert not (job.owed and job.after) or JOBS[job.after].owed, "nobody would wait for it"
        before.add(job.name)


@pytest.mark.parametrize("job", TABLE, ids=lambda job: job.name)
def test_the_verbs_that_make_a_job_stale_are_written_somewhere(job):
    sources = [
        file.read_text("utf-8")
        for app in ("accounts", "students", "attendance", "cases")
        for file in (ROOT / app).glob("**/*.py")
    ]
    for cause in job.stale_by:
        for verb in cause.verbs:
            assert any(f'"{verb}"' in source for source in sources), verb
