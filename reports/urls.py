"""Addresses of numbers, lists, ledgers and reports."""

from django.urls import path

from reports.ledgers import views as ledger_views
from reports.monthly import views as monthly_views
from reports.overview import views
from reports.snapshots import views as snapshot_views
from reports.student_lists.views import export, names

app_name = "reports"
urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/screen/", views.screen, name="screen"),
    path("overview/<str:code>/", views.place, name="place"),
    path("overview/<str:code>/trend/", views.trend_table, name="trend"),
    path("snapshots/", snapshot_views.snapshots, name="snapshots"),
    path("snapshots/freeze/", snapshot_views.freeze, name="freeze"),
    path("snapshots/correct/", snapshot_views.recount, name="recount"),
    path("names/", names, name="names"),
    path("names/export/", export, name="export"),
    path("indicators/", views.indicators, name="indicators"),
    path("ledgers/", ledger_views.ledgers, name="ledgers"),
    path("ledgers/<str:name>/", ledger_views.ledger, name="ledger"),
    path("monthly/", monthly_views.monthly, name="monthly"),
    path("monthly/<str:code>/<str:month>/", monthly_views.report, name="month_report"),
    path("monthly/<str:code>/<str:month>/draft/", monthly_views.draft, name="month_draft"),
    path("monthly/<str:code>/<str:month>/sign/", monthly_views.sign, name="month_sign"),
    path("monthly/<str:code>/<str:month>/correct/", monthly_views.correct, name="month_correct"),
]
