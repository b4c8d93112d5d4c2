"""Whoever presses a button is told what came of it: every act that leads back says what was done."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SILENT = {
    "accounts.places.views.bring": "the preview follows",
    "accounts.login.views.log_in": "the first page follows",
    "accounts.login.views.log_out": "the page to log in follows",
    "cases.contacts.views.contact": "a page of its own says what was noted and what comes next",
    "students.views.roster": "the preview follows",
}
APPS = ("accounts", "students", "attendance", "cases", "contracts", "reports")


def functions() -> list[tuple[str, ast.FunctionDef, dict[str, ast.FunctionDef]]]:
    found = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*view*.py")):
            tree = ast.parse(path.read_text())
            here = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found += [(f"{module}.{name}", node, here) for name, node in here.items()]
    return found


def posts(node: ast.FunctionDef) -> bool:
    return any("POST" in ast.unparse(decorator) for decorator in node.decorator_list)


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def says(node: ast.FunctionDef, here: dict[str, ast.FunctionDef]) -> bool:
    """Does it, or a function of its module that it calls, leave a message?"""
    called = [here[name] for name in names_in(node) & set(here) if here[name] is not node]
    return "messages" in names_in(node) or any("messages" in names_in(one) for one in called)


def leads_back(node: ast.FunctionDef, here: dict[str, ast.FunctionDef]) -> bool:
    called = [here[name] for name in names_in(node) & set(here)]
    return any("redirect" in names_in(one) for one in (node, *called))


def test_every_act_that_leads_back_says_what_was_done():
    silent = {
        name
        for name, node, here in functions()
        if posts(node) and leads_back(node, here) and not says(node, here)
    }
    assert silent == set(SILENT)


@pytest.mark.parametrize("word", ["messages", "nothing"])
def test_control_a_silent_act_is_seen(word):
    tree = ast.parse(f"@require_POST\ndef act(request):\n    {word}\n    return redirect('x')")
    act = tree.body[0]
    assert isinstance(act, ast.FunctionDef)
    assert posts(act) and leads_back(act, {}) and says(act, {}) is (word == "messages")
