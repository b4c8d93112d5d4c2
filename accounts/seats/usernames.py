"""What a username may look like; `system` is that of the jobs."""

import re

SYSTEM = "system"
USERNAME = re.compile(r"[A-Za-z0-9_.@-]{2,40}")


def why_not_username(username: str) -> str:
    """Why an account may not be called so; "" when it may."""
    if username.lower() == SYSTEM:
        return "system 是系统任务的账号，请换一个用户名。"
    if not USERNAME.fullmatch(username):
        return "用户名只能用字母、数字、_ . @ -，2 至 40 位。"
    return ""
