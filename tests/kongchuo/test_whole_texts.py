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
    "accounts/jobs.py": (1, "rows of a query"),
    "accounts/calendars.py": (2, "the file door bounds its cells"),
    "accounts/protected.py": (1, "the two halves of a key"),
    "accounts/sheets.py": (2, "a sample, to tell what a file is"),
    "accounts/workbooks.py": (1, "a sheet's name, which Excel bounds"),
    "accounts/xlsxparts.py": (3, "cell references and numbers"),
    "attendance/pages.py": (1, "columns of a row"),
    "attendance/register_files.py": (3, "examples in a refusal"),
    "attendance/views.py": (1, "rows of a list"),
    "cases/case_file/child_views.py": (1, "rows of a list"),
    "cases/form_fields.py": (1, "the two parts of a field"),
    "cases/importing/rows.py": (3, "a digest; the file door bounds its cells"),
    "cases/papers/content.py": (2, "a digest"),
    "cases/worklist/rows.py": (1, "rows of a query"),
    "cases/worklist/views.py": (2, "what a filter looks for, never stored"),
    "contracts/rules/texts.py": (1, "targets shown, with how many more"),
    "reports/importing/cohort_baselines.py": (1, "the file door bounds its cells"),
    "reports/ledgers/exports.py": (1, "a sheet's name, which Excel bounds"),
    "reports/ledgers/ledgers.py": (1, "columns of a table"),
    "reports/queries/case_counts.py": (1, "rows of a query"),
    "reports/student_lists/lists.py": (1, "part of a path"),
    "students/arrivals.py": (1, "the first letters of a name"),
    "students/headers.py": (1, "columns named in a refusal"),
    "students/rules/identity.py": (5, "parts of a number"),
    "students/rows.py": (5, "parts of a number; the file door bounds its cells"),
    "students/rules/spellings.py": (3, "parts of a date; examples in a refusal"),
    "students/statuses.py": (2, "the file door bounds its cells"),
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
