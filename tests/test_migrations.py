"""Migrations name nothing that is moved, renamed or given another meaning later."""

import ast
import re
from pathlib import Path

import pytest
from test_architecture import APPS, BELOW, ROOT

FILES = [file for app in APPS for file in sorted((ROOT / app / "migrations").glob("0*.py"))]
# regions.columns is written for them; the clock's now() has one meaning for ever.
MAY_NAME = {
    "regions.columns.PathField",
    "regions.columns.DaysAfter",
    "regions.columns.new_uid",
    "regions.columns.attachment_path",
    "regions.clock.now",
}
MODULES = {name.rsplit(".", 1)[0] for name in MAY_NAME}


def named(code: str) -> set[str]:
    """What a migration names of ours: modules it imports, and the things it takes out of them."""
    tree = ast.parse(code)
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names |= {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {name for name in names if re.match(rf"({'|'.join(BELOW)})\.", name)}


def test_every_app_with_tables_has_one_migration():
    apps = {file.parent.parent.name for file in FILES}
    assert apps == {
        "regions",
        "accounts",
        "students",
        "attendance",
        "cases",
        "contracts",
        "reports",
    }
    assert [file.name for file in FILES] == ["0001_initial.py"] * len(apps)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.parent.name)
def test_a_migration_names_of_ours_only_what_never_moves(file: Path):
    assert named(file.read_text("utf-8")) <= MAY_NAME | MODULES


@pytest.mark.parametrize(
    "code",
    [
        "import students.models\nfield(default=students.models.new_uid)",
        "from regions.paths import county_of",
        "import regions.clock\nregions.clock.today()",
        "from cases.enums import states",
    ],
)
def test_a_name_that_may_move_is_found(code):
    assert not named(code) <= MAY_NAME | MODULES
