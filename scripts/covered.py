"""Lines and branches that the tests reach, as coverage.py measured them in a pass of the tests.

Floors and the list of rules stand in pyproject.toml.
"""

import io
import tomllib
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import coverage

ROOT = Path(__file__).resolve().parent.parent


def measured_into(folder: str) -> dict[str, str]:
    """Where the processes of a pass leave their data: files named .coverage.…, taken together by `of`."""
    return {"COVERAGE_FILE": f"{folder}/.coverage"}


@dataclass(frozen=True)
class Covered:
    """Percent of lines and branches, for all of the code and for its rules."""

    everything: float
    rules: float

    @classmethod
    def of(cls, folder: str) -> Self:
        """Take together what the processes left in `folder`; .coverage is kept for `coverage html`."""
        measured = coverage.Coverage(data_file=ROOT / ".coverage")
        measured.combine([folder])
        measured.save()
        with redirect_stdout(io.StringIO()):
            rules = measured.report(include=rule_files())
        measured = coverage.Coverage(data_file=ROOT / ".coverage")
        measured.load()
        return cls(measured.report(skip_covered=True, sort="miss"), rules)

    def show(self) -> None:
        floor, rules_floor = floors()
        print(
            f"覆盖率（行和分支）：全部 {self.everything:.2f} %（下限 {floor:g}），"
            f"规则 {self.rules:.2f} %（下限 {rules_floor:g}）"
        )

    def reaches_its_floors(self) -> bool:
        floor, rules_floor = floors()
        return self.everything >= floor and self.rules >= rules_floor


def _configuration() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]


def rule_files() -> list[str]:
    return _configuration()["kongchuo"]["rules"]["files"]


def floors() -> tuple[float, float]:
    """(all of the code, the rules), in percent."""
    tool = _configuration()
    return tool["coverage"]["report"]["fail_under"], tool["kongchuo"]["rules"]["fail_under"]
