"""The addresses of papers; `cases.urls` includes them."""

from django.urls import path

from cases import paper_views

paper_urls = [
    path("cases/<str:uid>/papers/issue/", paper_views.paper_issue, name="paper_issue"),
    path("cases/<str:uid>/papers/record/", paper_views.paper_record, name="paper_record"),
    path("cases/<str:uid>/papers/visit/", paper_views.visit_form, name="visit_form"),
    path("cases/<str:uid>/papers/<str:paper_uid>/", paper_views.paper, name="paper"),
    path(
        "cases/<str:uid>/papers/<str:paper_uid>/serve/", paper_views.paper_serve, name="paper_serve"
    ),
    path("cases/<str:uid>/papers/<str:paper_uid>/void/", paper_views.paper_void, name="paper_void"),
    path(
        "cases/<str:uid>/papers/<str:paper_uid>/files/<int:file_id>/",
        paper_views.paper_file,
        name="paper_file",
    ),
]
