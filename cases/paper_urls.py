"""The addresses of papers; `cases.urls` includes them."""

from django.urls import path

from cases.papers import views

paper_urls = [
    path("cases/<str:uid>/papers/issue/", views.paper_issue, name="paper_issue"),
    path("cases/<str:uid>/papers/record/", views.paper_record, name="paper_record"),
    path("cases/<str:uid>/papers/visit/", views.visit_form, name="visit_form"),
    path("cases/<str:uid>/papers/<str:paper_uid>/", views.paper, name="paper"),
    path("cases/<str:uid>/papers/<str:paper_uid>/serve/", views.paper_serve, name="paper_serve"),
    path("cases/<str:uid>/papers/<str:paper_uid>/void/", views.paper_void, name="paper_void"),
    path(
        "cases/<str:uid>/papers/<str:paper_uid>/files/<int:file_id>/",
        views.paper_file,
        name="paper_file",
    ),
]
