"""The rooms of the house, held by reading the source: who imports whom, what no module may do.

Each rule names its exceptions with their reason; an exception that is no longer needed fails too.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

ROOT = Path(__file__).resolve().parent.parent
# What each app may import of ours, besides itself.
BELOW = {
    "regions": set(),
    "accounts": {"regions"},
    "students": {"regions", "accounts"},
    "attendance": {"regions", "accounts", "students"},
    "cases": {"regions", "accounts", "students", "attendance"},
    "contracts": {"regions", "accounts"},
    "reports": {"regions", "accounts", "students", "attendance", "cases", "contracts"},
}
BELOW |= {"kongchuo": set(BELOW), "demo": set(BELOW)}
APPS = sorted(BELOW)
LONGEST = 400

CLOCK_WORDS = {
    "today",
    "now",
    "utcnow",
    "localdate",
    "localtime",
    "fromtimestamp",
    "utcfromtimestamp",
}
CLOCK_OWNERS = {"date", "datetime", "timezone", "dt"}
# Where the day comes in: pages, forms, commands, tasks. Verbs and rules are told it (`on`, `at`).
EDGES = ("view", "views", "forms", "tasks", "middleware")
MAY_ASK_TODAY = {
    "accounts.models": "request.user.reach: what the seats reach on the day of the request",
    "students.models": "the age beside a name, which templates ask without a day",
    "accounts.day_fields": "the date field of every form: is the day believable today",
    "kongchuo.menu": "the context of every page: today, and what waits for this person",
    "kongchuo.formatting": "a date of this school year is written without its year",
}
CLOCKLESS = tuple(sorted(set(BELOW) - {"demo"}))
# now() stamps when a row was entered (`…_at=now()`); elsewhere the instant is told, but for these.
MAY_ASK_NOW = {
    "regions.clock": "the clock itself",
    "accounts.gate": "the middleware: is the session over",
    "accounts.login.sessions": "sessions that began before this instant are over",
    "accounts.file_door.storing": "is a sealed upload a day old",
    "attendance.register_files": "a file of registers arrives now, unless a caller says when",
    "accounts.job_runs": "a claim is measured against the heartbeat of another process",
    "accounts.drafts": "how long a form half written is kept",
    "accounts.unsent": "how long a form that was sent in vain is kept",
    "kongchuo.menu": "the context of every page",
    "reports.ledgers.exports": "a workbook says when it was made",
    "reports.student_lists.exports": "a workbook says when it was made",
}
WEEKDAY_WORDS = {"weekday", "isoweekday", "isocalendar"}
MAY_ASK_THE_WEEKDAY = {
    "regions.rules.calendar": "the rule itself",
    "attendance.pages": "the Monday that a week's rows begin on",
    "kongchuo.formatting": "星期四 beside a date",
    "students.models": "an absence on named weekdays covers a day",
    "attendance.rules.absence_kinds": "定期治疗 is on named weekdays",
    "attendance.rules.sampling": "a sample is drawn of a week, from its Monday",
    "demo.county.calendar": "invents the county's calendar, apart from the rule",
    "demo.county.places": "chooses Saturdays and Fridays for its closures",
    "demo.county.registers": "children miss Fridays more often",
}


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of ours by its dotted name; migrations are Django's."""
    found = {}
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in file.parts:
                parts = file.relative_to(ROOT).with_suffix("").parts
                found[".".join(parts).removesuffix(".__init__")] = ast.parse(
                    file.read_text("utf-8")
                )
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of all that a module imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(tree: ast.AST) -> set[str]:
    return {name for name in imported(tree) if name.split(".")[0] in BELOW}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in BELOW]


def test_the_walk_finds_the_house():
    assert len(sources()) > 100
    assert {name.split(".")[0] for name in sources()} == set(APPS)


def test_an_app_imports_only_what_stands_to_its_left():
    wrong = [
        f"{module} imports {name}"
        for module, tree in sources().items()
        for name in ours(tree)
        if name.split(".")[0] not in BELOW[module.split(".")[0]] | {module.split(".")[0]}
    ]
    assert wrong == []


def test_nobody_imports_the_switchboard():
    """Scripts start it; settings arrive through django.conf."""
    wrong = [m for m, tree in sources().items() if not m.startswith("kongchuo")
             for name in ours(tree) if name.split(".")[0] == "kongchuo"]  # fmt: skip
    assert wrong == []


def test_imports_name_their_place_in_full():
    wrong = [f"{m}: {n}" for m, tree in sources().items() for n in imported(tree) if n[0] == "."]
    assert wrong == []


RULES = sorted(
    name
    for name in sources()
    if "rules" in name.split(".") or name.startswith("cases.law.") or "enums" in name.split(".")
)


@pytest.mark.parametrize("module", RULES)
def test_rules_and_enums_run_without_django(module):
    """Said by a process of its own in which django cannot be imported."""
    code = f"import sys; sys.modules['django'] = None; import {module}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def inside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from (one for one in ast.walk(node) if one is not node)


def test_no_import_stands_inside_a_function():
    wrong = [
        f"{module}:{node.lineno}"
        for module, tree in sources().items()
        for node in inside_functions(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_no_import_is_for_the_type_checker_only():
    wrong = [m for m, tree in sources().items() if "TYPE_CHECKING" in ast.dump(tree)]
    assert wrong == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_no_model_saves_or_deletes_in_a_way_of_its_own(model):
    for name in ("save", "delete", "save_base", "full_clean", "refresh_from_db"):
        assert getattr(model, name).__module__.startswith("django."), f"{model.__name__}.{name}"


def test_no_signal_carries_business():
    wrong = [
        f"{module} imports {name}"
        for module, tree in sources().items()
        for name in imported(tree)
        if name.startswith(("django.dispatch", "django.db.models.signals", "django.core.signals"))
    ]
    assert wrong == []


def test_no_module_is_a_drawer():
    drawers = {"utils", "helpers", "common", "misc", "base", "managers", "services", "selectors"}
    assert [m for m in sources() if set(m.split(".")) & drawers] == []


def test_no_module_passes_four_hundred_lines():
    wrong = {}
    for app in [*APPS, "tests", "scripts"]:
        for file in (ROOT / app).rglob("*.py"):
            lines = len(file.read_text("utf-8").splitlines())
            if lines > LONGEST and "migrations" not in file.parts:
                wrong[str(file.relative_to(ROOT))] = lines
    assert wrong == {}


def test_one_clock_says_what_day_it_is():
    wrong = [
        f"{module}:{node.lineno} {node.attr}"
        for module, tree in sources().items()
        if module != "regions.clock"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK_WORDS
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in CLOCK_OWNERS
    ]
    assert wrong == []


def is_edge(module: str) -> bool:
    last = module.split(".")[-1]
    inside_one = {"commands", "templatetags"} & set(module.split("."))
    return bool(inside_one) or any(last == edge or last.endswith(f"_{edge}") for edge in EDGES)


def asks(tree: ast.AST, word: str) -> bool:
    """Does the code name the clock's `word`, called or handed on as a function?"""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "regions.clock"
        and any(alias.name == word for alias in node.names)
        for node in ast.walk(tree)
    ) or any(
        isinstance(node, ast.Attribute)
        and node.attr == word
        and isinstance(node.value, ast.Name)
        and node.value.id == "clock"
        for node in ast.walk(tree)
    )


def beyond_the_edges() -> dict[str, ast.Module]:
    return {
        module: tree
        for module, tree in sources().items()
        if module.split(".")[0] in CLOCKLESS and not is_edge(module)
    }


def test_only_the_edges_ask_what_day_it_is():
    asking = {module for module, tree in beyond_the_edges().items() if asks(tree, "today")}
    assert asking == set(MAY_ASK_TODAY)


def stamps(tree: ast.AST) -> set[ast.AST]:
    """The calls and names that give a column or attribute `at`, `…_at` its instant."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        pairs: list[tuple[Any, ast.AST]] = []
        if isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
            if getattr(node.func, "attr", "") == "DateTimeField":
                found |= {keyword.value for keyword in node.keywords if keyword.arg == "default"}
        elif isinstance(node, ast.Dict):
            told = [getattr(key, "value", None) for key in node.keys]
            pairs = list(zip(told, node.values, strict=True))
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            many = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            whole = zip(target.elts, value.elts, strict=True) if many else [(target, value)]
            pairs = [(getattr(left, "attr", None), right) for left, right in whole]
        for name, value in pairs:
            if isinstance(name, str) and (name == "at" or name.endswith("_at")):
                found |= set(ast.walk(value))
    return found


def test_beyond_the_edges_now_only_stamps_when_a_row_was_entered():
    asking = set()
    for module, tree in beyond_the_edges().items():
        stamped = stamps(tree)
        asking |= {
            module
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id == "now" and node not in stamped
            and asks(tree, "now")
        }  # fmt: skip
    assert asking | {"regions.clock"} == set(MAY_ASK_NOW)


@pytest.mark.parametrize(
    ("code", "is_caught"),
    [
        ("from regions.clock import today\non = today()", True),
        ("from regions import clock\non = clock.today()", True),
        ("def verb(on): return on", False),
    ],
)
def test_the_day_is_found_however_it_is_asked(code, is_caught):
    assert asks(ast.parse(code), "today") is is_caught


def test_a_stamp_is_told_from_a_judgement():
    tree = ast.parse("row.entered_at, late = now(), now() > due\nRow(made_at=now())")
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "now"]
    assert len(names) == 3 and len([n for n in names if n in stamps(tree)]) == 2


def test_no_clock_comes_in_by_another_name():
    """`from django.utils.timezone import now`, the module `time`, an `auto_now` column."""
    for module, tree in sources().items():
        if module == "regions.clock":
            continue
        names = set(imported(tree))
        assert not names & {"time", "django.utils.timezone", "zoneinfo"}, module
        keywords = {
            k.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for k in node.keywords
        }
        assert not keywords & {"auto_now", "auto_now_add"}, module


def test_only_the_calendar_knows_the_day_of_the_week():
    asking = {
        module
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in WEEKDAY_WORDS
    }
    assert asking == set(MAY_ASK_THE_WEEKDAY)


@pytest.mark.django_db
@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_constraint_and_index_has_a_name_and_stands_in_the_database(model):
    with connection.cursor() as cursor:
        standing = set(connection.introspection.get_constraints(cursor, model._meta.db_table))
    assert not model._meta.unique_together, "a constraint without a name"
    for one in [*model._meta.constraints, *model._meta.indexes]:
        assert one.name and len(one.name) <= 30, one
        assert not one.name.endswith("_idx"), f"{one.name}: a name Django made up"
        assert one.name in standing, f"{one.name} is not in the database"


def test_no_two_constraints_share_a_name():
    names = [one.name for m in our_models() for one in [*m._meta.constraints, *m._meta.indexes]]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_the_migrations_are_in_step_with_the_models():
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out)
    except SystemExit:
        pytest.fail(out.getvalue())
