"""Addresses of 责任书."""

from django.urls import path

from contracts import views, wording_views

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.index, name="index"),
    path("contracts/unsigned/", views.unsigned, name="unsigned"),
    path("contracts/choice/", wording_views.choice, name="choice"),
    path("contracts/wording/<str:name>/", wording_views.wordings, name="wording"),
    path("contracts/draft/", views.draft, name="draft"),
    path("contracts/issue/", views.issue, name="issue"),
    path("contracts/<str:uid>/", views.contract, name="contract"),
    path("contracts/<str:uid>/sign/", views.sign, name="sign"),
    path("contracts/<str:uid>/scan/", views.scan, name="scan"),
    path("contracts/<str:uid>/scan/<int:file_id>/", views.scan_file, name="scan_file"),
    path("contracts/<str:uid>/print/", views.print_page, name="print"),
]
