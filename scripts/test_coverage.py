"""Lines and branches that no test reaches: `make coverage`; arguments go to pytest.

One pass on SQLite, its subprocesses included; what only PostgreSQL reaches counts as missed. A part of
the tests is held to no floor.
"""

import sys
import tempfile

import test as runner
from covered import Covered, measured_into


def main(arguments: list[str]) -> int:
    found = runner.find()
    with tempfile.TemporaryDirectory(prefix="kongchuo-coverage-") as var:
        env = runner.environment(found, var, f"sqlite:///{var}/kongchuo.sqlite3")
        env |= measured_into(var)
        passed, closing = runner.run("SQLite", "not postgres", env, arguments, measured=True)
        covered = Covered.of(var)
    print(f"\nSQLite{'' if passed else '（没有通过）'}: {closing}")
    covered.show()
    return 0 if passed and (arguments or covered.reaches_its_floors()) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
