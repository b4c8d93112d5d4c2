"""The house keeps its shape: rooms, directions, one clock, one calendar."""

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
APPS = [
    "regions",
    "accounts",
    "students",
    "attendance",
    "cases",
    "reports",
    "contracts",
    "kongchuo",
]
LEFT = {
    "regions": set(),
    "accounts": {"regions"},
    "students": {"regions", "accounts"},
    "attendance": {"regions", "accounts", "students"},
    "cases": {"regions", "accounts", "students", "attendance"},
    "contracts": {"regions", "accounts"},
    "reports": set(APPS) - {"reports", "kongchuo"},
    "kongchuo": set(APPS),
}
PURE = [
    "regions/words.py", "regions/values.py", "regions/classnames.py", "regions/calendar.py",
    "regions/policies.py", "regions/refusals.py", "regions/national.py", "accounts/words.py",
    "students/words.py", "students/identity.py", "students/spellings.py", "students/headers.py",
    "attendance/words.py", "attendance/streaks.py", "attendance/proof.py", "attendance/truth.py",
]  # fmt: skip
CLOCKS = {"today", "now", "utcnow", "localdate", "localtime"}
CLOCK_OWNERS = {"date", "datetime", "timezone"}
# Weekdays decide nothing outside the calendar: these name a day, or lay out a week.
WEEKDAY_LABELS = {
    "regions/calendar.py", "regions/words.py", "attendance/pages.py",
    "kongchuo/templatetags/kongchuo.py",
}  # fmt: skip


def modules() -> list[Path]:
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in modules()}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_to_its_left(module):
    app = module.split("/")[0]
    found = {one.split(".")[0] for one in imported(MODULES[module])} & set(APPS)
    assert found <= LEFT[app] | {app}


@pytest.mark.parametrize("module", PURE)
def test_a_rule_needs_no_django(module):
    """Itself and what it imports of ours: dates and numbers in, dates and numbers out."""
    waiting, seen = [module], set()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        found = set(imported(MODULES[one]))
        assert not {part.split(".")[0] for part in found} & {"django", "celery"}, one
        ours = {f"{part.replace('.', '/')}.py" for part in found}
        waiting += [part for part in ours & set(MODULES) if part not in seen]


@pytest.mark.parametrize("module", MODULES)
def test_no_import_hides_in_a_function(module):
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inside, f"{module}: {node.name}"


@pytest.mark.parametrize("module", MODULES)
def test_there_is_one_clock_and_one_calendar(module):
    for node in ast.walk(MODULES[module]):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner in CLOCK_OWNERS and node.attr in CLOCKS:
            assert module == "regions/clock.py", f"{module} line {node.lineno}"
        if node.attr in ("weekday", "isoweekday") and not module.startswith("kongchuo/demo/"):
            assert module in WEEKDAY_LABELS, f"{module} line {node.lineno}"


def test_no_module_passes_400_lines():
    files = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    long = {
        name(p): n for p in files if (n := len(p.read_text(encoding="utf-8").split("\n"))) > 401
    }
    assert not long


def test_no_model_saves_in_its_own_way_and_every_constraint_has_a_name():
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            assert model.save is models.Model.save or "save" not in vars(model), model
            assert all(constraint.name for constraint in model._meta.constraints)


def test_no_signal_and_no_type_checking_escape():
    for module, tree in MODULES.items():
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not used & {"TYPE_CHECKING", "post_save", "pre_save", "receiver"}, module


@pytest.mark.django_db
def test_the_migrations_are_in_step_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())
