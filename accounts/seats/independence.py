"""Who is too near to somebody to be the second word on what that person did.

Who gave an account or a seat, or reset its password within 30 days, could have acted in its name.
"""

from datetime import date, timedelta

from accounts.models import Change, User

RESET_COUNTS = timedelta(days=30)
GAVE = ("users.seat", "seats.grant")
RESET = "users.reset_password"


def why_dependent(approver: User, asker: User, on: date) -> str:
    """One sentence that says why `approver` may not be the second word to `asker`; "" when it may."""
    if approver.pk == asker.pk:
        return "提出人和审批人不能是同一个人。"
    rows = Change.objects.filter(by=approver, uid=asker.username)
    if rows.filter(verb__in=GAVE).exists():
        return f"{asker.name}的岗位是你发放的，请由另一位审批人办理。"
    if rows.filter(verb=RESET, happened_from__gte=on - RESET_COUNTS).exists():
        return f"你在 30 天内重置过{asker.name}的密码，请由另一位审批人办理。"
    return ""
