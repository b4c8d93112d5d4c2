"""Every address of the portal, by room."""

from django.urls import include, path

from kongchuo import errors, health, menu

urlpatterns = [
    path("", menu.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls")),
    path("", include("kongchuo.people.urls")),
    path("", include("students.urls")),
    path("", include("attendance.urls")),
    path("", include("cases.urls")),
    path("", include("contracts.urls")),
    path("", include("reports.urls")),
    path("<path:rest>", errors.nowhere, name="nowhere"),
]
handler404 = "kongchuo.errors.not_found"
handler403 = "kongchuo.errors.forbidden"
handler500 = "kongchuo.errors.broken"
