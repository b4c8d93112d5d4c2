"""A county with its doors: what the tests of files share."""

import os

import pytest

from tests.doors import world
from tests.doors.books import Rows, text_csv, xlsx
from tests.doors.faces import DOORS, Answer, File, Preview, browser
from tests.doors.fuzzing import on_disk

# Spoilt files are brought by processes in which nothing else ran: a pass of its own in `make test`.
collect_ignore = (
    [] if os.environ.get("KONGCHUO_FUZZ_FILES") else ["test_fuzz.py", "test_controls.py"]
)


class Doors:
    """The county, and its doors by name: `bring` by command, `upload` and `confirm` by page."""

    def __init__(self, folder):
        self.county = world.county()
        self.folder = folder

    def bring(
        self, name: str, file: File | Rows, *more: str, apply: bool = True, who: str = ""
    ) -> Answer:
        """Run the command of a door; rows are written as a csv."""
        door = DOORS[name]
        if not isinstance(file, File):
            file = File(f"{name}.csv", text_csv(file))
        by = self.county.people[who or door.role]
        answer = door.command.run(on_disk(self.folder, file), by, apply=apply, more=more)
        assert answer.crash == "", answer.crash
        return answer

    def look(self, name: str, file: File | Rows, *more: str) -> Answer:
        return self.bring(name, file, *more, apply=False)

    def upload(self, name: str, file: File | Rows) -> Preview:
        """Send a file to the page of a door; rows are written as an xlsx."""
        if not isinstance(file, File):
            file = File(f"{name}.xlsx", xlsx(file))
        self.client = browser(self.county.people[DOORS[name].role])
        preview = DOORS[name].page.upload(self.client, file)
        assert preview.answer.crash == "", preview.answer.crash
        return preview

    def confirm(self, name: str, preview: Preview) -> Answer:
        answer = DOORS[name].page.confirm(self.client, preview)
        assert answer.crash == "", answer.crash
        return answer


@pytest.fixture
def doors(settings, tmp_path, db) -> Doors:
    settings.KONGCHUO_TODAY = world.TODAY
    return Doors(tmp_path)


def refused_at(answer: Answer, row: int, column: str, says: str) -> None:
    """Nothing came in; the rejection names this row and column, and says this."""
    assert not answer.applied, answer.text
    told = [one for one in answer.rejected if (one["row"], one["column"]) == (row, column)]
    assert told, answer.text
    assert any(says in one["message"] for one in told), told
    assert all(one["cell"] for one in told), told
