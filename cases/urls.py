from django.urls import path

from cases import contact_views, plan_views, rising_views, rules_views, views
from cases.case_urls import case_urls
from cases.paper_urls import paper_urls

app_name = "cases"
urlpatterns = [
    path("alerts/<int:alert_id>/", views.alert, name="alert"),
    path("alerts/<int:alert_id>/explain/", views.explain, name="explain"),
    path("alerts/<int:alert_id>/files/<int:file_id>/", views.proof_file, name="proof_file"),
    path("alerts/<int:alert_id>/confirm/", views.confirm, name="confirm"),
    path("students/<str:uid>/", views.child, name="child"),
    path("students/<str:uid>/reveal/", views.reveal, name="reveal"),
    path("students/<str:uid>/contact/", contact_views.contact, name="contact"),
    path("students/<str:uid>/call/", contact_views.call, name="call"),
    path(
        "students/<str:uid>/contacts/<int:contact_id>/photo/",
        contact_views.contact_file,
        name="contact_file",
    ),
    path("cases/<str:uid>/plan/", plan_views.plan, name="plan"),
    path("cases/<str:uid>/plan/tasks/", plan_views.add_task, name="plan_task"),
    path("cases/<str:uid>/plan/tasks/done/", plan_views.finish_task, name="plan_task_done"),
    path("cases/<str:uid>/people/", plan_views.people, name="people"),
    path("rules/", rules_views.rules, name="rules"),
    path("risen/", rising_views.risen, name="risen"),
    path("referred/", rising_views.referred, name="referred"),
    *case_urls,
    *paper_urls,
]
