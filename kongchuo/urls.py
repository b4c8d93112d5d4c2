"""Every address of the portal, by room."""

from django.urls import include, path

from kongchuo import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler404 = "kongchuo.errors.not_found"
handler403 = "kongchuo.errors.forbidden"
handler500 = "kongchuo.errors.broken"
