"""Under libfaketime Python cannot sleep: its clock_nanosleep refuses the instant Python asks for.

`make test-clock` puts this folder on PYTHONPATH; waiting in select() is not touched by the shift.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
