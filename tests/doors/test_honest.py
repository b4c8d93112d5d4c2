"""Each door takes an honest file, by page and by command, and a preview changes nothing."""

import pytest

from tests.doors.books import ods, xls, xlsx
from tests.doors.faces import DOORS, File, browser
from tests.doors.seeds import TABLES, honest
from tests.doors.world import TODAY, changed, county, foul, standing

pytestmark = pytest.mark.django_db
PAGES = [name for name, door in DOORS.items() if door.page]
DRY = [name for name, door in DOORS.items() if not door.command.applies]


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = TODAY
    return county()


def written(file: File, folder) -> str:
    path = folder / file.name
    path.write_bytes(file.content)
    return str(path)


def run(name: str, here, folder, file: File, *, apply: bool = True):
    door = DOORS[name]
    return door.command.run(written(file, folder), here.people[door.role], apply=apply)


@pytest.mark.parametrize("name", DOORS)
def test_a_command_takes_the_honest_file_whole(here, tmp_path, name):
    before = standing()
    answer = run(name, here, tmp_path, honest(name))
    assert (answer.crash, answer.rejected, answer.applied) == ("", [], True), answer.text
    assert changed(before, standing()) and foul() == []


@pytest.mark.parametrize("name", DRY)
def test_a_dry_run_changes_nothing_and_counts_as_the_apply_does(here, tmp_path, name):
    before = standing()
    dry = run(name, here, tmp_path, honest(name), apply=False)
    assert (dry.crash, dry.applied) == ("", False) and changed(before, standing()) == []
    assert run(name, here, tmp_path, honest(name)).counts == dry.counts


@pytest.mark.parametrize("name", PAGES)
def test_a_page_previews_then_takes_it(here, name):
    door, before = DOORS[name], standing()
    client = browser(here.people[door.role])
    preview = door.page.upload(client, honest(name))
    assert preview.answer.crash == "" and preview.offers, preview.answer.text
    assert changed(before, standing()) == []
    answer = door.page.confirm(client, preview)
    assert (answer.crash, answer.applied) == ("", True), answer.text
    assert changed(before, standing()) and foul() == []


@pytest.mark.parametrize("kind", [xlsx, xls, ods])
@pytest.mark.parametrize("name", [name for name in DRY if name in TABLES])
def test_every_format_of_the_trade_is_read_alike(here, tmp_path, name, kind):
    rows = TABLES[name]
    by_csv = run(name, here, tmp_path, honest(name), apply=False)
    answer = run(name, here, tmp_path, File(f"{name}.{kind.__name__}", kind(rows)), apply=False)
    assert (answer.crash, answer.rejected) == ("", []), answer.text
    assert answer.counts == by_csv.counts
