"""Access rows: who looked at which child, list or value, and why."""

from accounts.enums import Access
from accounts.models import AccessLog, User
from accounts.source import source_of
from regions.rules.lengths import whole


def log(
    action: Access,
    kind: str,
    uid: str = "",
    *,
    by: User,
    scope: str = "",
    reason: str = "",
    request=None,
) -> None:
    """Leave one row. A list leaves one with its scope; a child's page one per child."""
    AccessLog.objects.create(
        user=by,
        action=action,
        kind=kind,
        uid=uid,
        scope=whole(scope, 400, "查看的内容"),
        reason=whole(reason, 200, "查看原因"),
        source=source_of(request) if request else "",
        request_id=getattr(request, "request_id", ""),
    )
