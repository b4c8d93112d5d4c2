"""Nobody but the one package writes explained days, held by reading the source."""

import ast

import pytest

from tests.test_architecture import sources

DOOR = "attendance.authorised_absences."
MAY_WRITE_ABSENCES = {
    "demo.load.bulk_load": "an invented county is written as a whole, in bulk",
    "students.enrolments": "the child's papers follow it to another class: their place, nothing else",
}
WRITES = {
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "save",
}


def writes_absences(tree: ast.Module) -> bool:
    """Does the module make rows of AuthorisedAbsence, or change some it chose by the model?"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            told = ast.unparse(node.func.value)
            of_table = "AuthorisedAbsence.objects" in told or ".authorised." in told + "."
            if node.func.attr in WRITES | {"delete"} and of_table:
                return True
    return False


def test_only_one_package_writes_explained_days():
    wrong = {m for m, tree in sources().items() if writes_absences(tree) and not m.startswith(DOOR)}
    assert wrong == set(MAY_WRITE_ABSENCES)


@pytest.mark.parametrize(
    "line",
    [
        "AuthorisedAbsence.objects.create(kind='sick')",
        "AuthorisedAbsence.objects.filter(pk=1).update(state='approved')",
        "student.authorised.approved().update(last=day)",
    ],
)
def test_control_a_second_door_is_seen(line):
    assert writes_absences(ast.parse(line))
    assert not writes_absences(
        ast.parse(line.replace("create", "first").replace("update", "filter"))
    )


def test_no_other_module_saves_a_row_of_explained_days():
    """`wanted.save()` is told by its model being made: nobody else makes one to save."""
    makers = {
        module
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "AuthorisedAbsence"
        and not module.startswith(DOOR)
    }  # fmt: skip
    assert makers == {"demo.load.bulk_load", "attendance.handling"}, "handling hands it to the door"
