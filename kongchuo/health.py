"""Is the portal alive, and can it work? No count and no name is told."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from accounts.gate import open_to_all


@open_to_all
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"ok": True})


@open_to_all
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and stands at this release's tables. 503 with what is missing if not."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:  # any fault of the database is the answer here, not an error of ours
        return JsonResponse({"ok": False, "database": "unreachable"}, status=503)
    if behind:
        return JsonResponse({"ok": False, "database": "behind"}, status=503)
    return JsonResponse({"ok": True})
