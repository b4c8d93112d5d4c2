"""No text is cut: no verb, form or file row takes the first so many characters of what was written."""

import ast
from pathlib import Path

import pytest

from regions.refusals import Refused
from regions.rules.lengths import whole

ROOT = Path(__file__).parents[2]
APPS = ["regions", "accounts", "students", "attendance", "cases", "contracts", "reports"]
# How many there are, and why: what is no text of a person's, that is parts of a number or a path, rows of a list, words for display.
EXCEPTIONS = {
    "reports/workbooks.py": (1, "a sheet's name, which Excel bounds"),
    "accounts/places/import_places.py": (1, "the first fault of a row"),
    "accounts/file_door/formats/zip_parts.py": (1, "the first bytes name the encoding"),
    "accounts/file_door/tables.py": (1, "a sheet's name, which Excel bounds"),
    "accounts/file_door/notes.py": (3, "a pattern reads no more of a name or a cell"),
    "accounts/file_door/formats/ods_cells.py": (1, "the first characters of an error"),
    "accounts/file_door/kinds.py": (2, "the first bytes tell what a file is"),
    "accounts/file_door/headings.py": (1, "two columns named in a refusal"),
    "accounts/file_door/cells.py": (1, "the first character of a cell"),
    "accounts/job_runs.py": (1, "rows of a query"),
    "accounts/protected.py": (2, "the halves of a key, the parts of a sealed value"),
    "accounts/workbooks.py": (1, "a sheet's name, which Excel bounds"),
    "attendance/pages.py": (2, "columns of a row, rows of a query"),
    "attendance/rolls.py": (1, "rows of a query"),
    "attendance/register_files.py": (1, "examples in a refusal"),
    "attendance/views.py": (1, "rows of a list"),
    "cases/case_file/child_views.py": (1, "rows of a list"),
    "cases/form_fields.py": (1, "the two parts of a field"),
    "cases/importing/rows.py": (1, "a digest"),
    "cases/papers/content.py": (2, "a digest"),
    "cases/worklist/rows.py": (1, "rows of a query"),
    "cases/worklist/views.py": (2, "what a filter looks for, never stored"),
    "contracts/rules/texts.py": (1, "targets shown, with how many more"),
    "reports/ledgers/ledgers.py": (1, "columns of a table"),
    "reports/queries/case_counts.py": (1, "rows of a query"),
    "reports/student_lists/lists.py": (1, "part of a path"),
    "students/rules/identity.py": (6, "parts of a number"),
    "students/rows.py": (1, "the first letter of a number"),
    "students/rules/spellings.py": (1, "examples in a refusal"),
    "students/traits.py": (1, "rows of a query"),
    "students/views.py": (1, "what a search looks for, never stored"),
}


def cuts(source: str) -> list[int]:
    """The lines that take a fixed number of the first characters (or rows) of something."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Slice)
        and node.slice.lower is None
        and isinstance(node.slice.upper, ast.Constant)
    ]


def test_no_module_cuts_a_text():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts and (lines := cuts(path.read_text(encoding="utf-8")))
    }
    allowed = {name: count for name, (count, _why) in EXCEPTIONS.items()}
    assert {name: lines for name, lines in found.items() if len(lines) != allowed.get(name)} == {}
    assert sorted(EXCEPTIONS.keys() - found.keys()) == [], "an exception nobody needs"


def test_a_cut_is_seen():
    assert cuts("a = note[:400]\nb = note[2:]\nc = rows[:SHOWN]\n") == [1]


def test_what_is_too_long_is_refused_with_the_limit():
    assert whole("好" * 200, 200, "原因") == "好" * 200
    with pytest.raises(Refused, match="原因最多 200 个字，现在 201 个字"):
        whole("好" * 201, 200, "原因")
