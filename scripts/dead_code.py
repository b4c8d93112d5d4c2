"""Functions, methods, properties and classes that nothing of ours names: `make lint`.

vulture reads the code without its tests, so what only a test calls is found too. A name in a template
or in the settings counts as used. What Django and others call by name is in HOOKS; what is meant for
later is in KEPT with its reason, and an entry that is no longer needed fails too.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
APPS = ("regions", "accounts", "students", "attendance", "cases", "contracts", "reports")
KINDS = {"class", "function", "method", "property", "unreachable_code"}
HOOKS = [
    "*Config", "Command", "handle",  # apps and commands
    "clean_*", "compress", "decompress", "label_from_instance", "use_required_attribute",  # forms
    "Meta", "process_view", "process_exception", "validate",  # models, middleware, validators
    "check", "_get_session_auth_hash",  # finders, Django's user
    "handle_raw_input", "receive_data_chunk", "file_complete", "to_python",  # uploads, fields
    "forbidden", "run_job",  # handler403, a Celery task
    "as_postgresql", "as_sqlite", "_get_session_auth_hash",  # an expression, sessions
]  # fmt: skip
PAPERS = "cases.law.periods says what it waits for"
DOOR = (
    "brings a file in by one call, which only tests make today: drop it, or let tests use the frame"
)
KEPT = {
    "import_places": DOOR,
    "import_users": DOOR,
    "import_roster": DOOR,
    "plan_roster": DOOR,
    "hearing_request_until": PAPERS,
    "hearing_notice_until": PAPERS,
    "decide_until": PAPERS,
    "serve_decision_until": PAPERS,
    "late_fee": PAPERS,
    "may_be_punished": PAPERS,
    "court_accepts_until": PAPERS,
    "court_rules_until": PAPERS,
    "court_rules_after_hearing_until": PAPERS,
    "relapsed_on": "what the rule of observation answers, read by its oracle",
}


def words() -> set[str]:
    """Every word of the templates and the settings."""
    files = [*(ROOT / "templates").rglob("*.*"), ROOT / "kongchuo" / "settings.py"]
    return {word for file in files for word in re.findall(r"\w+", file.read_text("utf-8"))}


def unnamed() -> dict[str, str]:
    """Name and place of what nothing names."""
    vulture = Vulture(ignore_names=HOOKS)
    vulture.scavenge(
        [ROOT / app for app in (*APPS, "kongchuo", "demo")], exclude=["*/migrations/*"]
    )
    vulture.used_names |= words()
    return {
        item.name: f"{item.filename.relative_to(ROOT)}:{item.first_lineno}"
        for item in vulture.get_unused_code(min_confidence=60)
        if item.typ in KINDS
    }


def main() -> int:
    found = unnamed()
    for name in sorted(set(found) - set(KEPT)):
        print(f"{found[name]}: 没有代码用到 {name}", file=sys.stderr)
    for name in sorted(set(KEPT) - set(found)):
        print(f"scripts/dead_code.py: {name} 已经有代码用到，请从 KEPT 里去掉", file=sys.stderr)
    return int(set(found) != set(KEPT))


if __name__ == "__main__":
    raise SystemExit(main())
