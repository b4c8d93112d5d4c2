"""The net: shows that a change of the code moved nothing that a person or a machine sees.

    DEBUG=1 .venv/bin/python -m tests.net dump OUT_DIR [--like OLD_DIR]
    .venv/bin/python -m tests.net compare DIR_A DIR_B [--strict | --gaps]

Run from the root of the checkout. `dump` builds a demo county in a temporary folder, opens every page
for every role and runs the read-only commands. `compare` ends with 1 where the dumps differ.
"""

import argparse
import sys
from pathlib import Path

from tests.net.compare import compare
from tests.net.county import PUPILS
from tests.net.crawl import EACH
from tests.net.dump import dump


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.net", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    does = parser.add_subparsers(dest="does", required=True)
    dumping = does.add_parser("dump", help="write every page and every answer into a folder")
    dumping.add_argument("out", type=Path)
    dumping.add_argument(
        "--like", type=Path, help="open the addresses of this older dump, no others"
    )
    dumping.add_argument("--pupils", type=int, default=PUPILS)
    dumping.add_argument(
        "--each", type=int, default=EACH, help="pages of one URL pattern and account"
    )
    comparing = does.add_parser("compare", help="what differs between two dumps")
    comparing.add_argument("left", type=Path)
    comparing.add_argument("right", type=Path)
    comparing.add_argument("--strict", action="store_true", help="byte by byte, whitespace too")
    comparing.add_argument("--gaps", action="store_true", help="keep spaces beside inline elements")
    given = parser.parse_args()
    if given.does == "dump":
        dump(given.out, like=given.like, pupils=given.pupils, each=given.each)
        return 0
    told, count = compare(given.left, given.right, strict=given.strict, gaps=given.gaps)
    print(told)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
