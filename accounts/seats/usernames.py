"""What a username may look like; `system` is that of the jobs."""

import re

SYSTEM = "system"
USERNAME = re.compile(r"[A-Za-z0-9_.@-]{2,40}")
