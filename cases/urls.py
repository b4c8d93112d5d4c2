"""Addresses of alerts, children, the work list, cases with their acts, and papers."""

from django.urls import path

from cases.act_view import act_urls
from cases.case_file import child_views
from cases.case_file import views as pages
from cases.contacts import plan_views
from cases.contacts import views as contact_views
from cases.escalation import views as rising_views
from cases.intake.alert_views import alert, confirm, explain, proof_file
from cases.ladder import rules_views
from cases.papers import views as papers
from cases.worklist.views import worklist_page

app_name = "cases"
# Everything under one case: the menu shows 在办个案 as its place.
of_a_case = [
    path("cases/<str:uid>/", pages.case, name="case"),
    path("cases/<str:uid>/files/<int:file_id>/", pages.evidence_file, name="evidence_file"),
    path("cases/<str:uid>/plan/", plan_views.plan, name="plan"),
    path("cases/<str:uid>/plan/tasks/", plan_views.add_task, name="plan_task"),
    path("cases/<str:uid>/plan/tasks/done/", plan_views.finish_task, name="plan_task_done"),
    path("cases/<str:uid>/people/", plan_views.people, name="people"),
    *act_urls(),
    path("cases/<str:uid>/papers/visit/", papers.visit_form, name="visit_form"),
    path("cases/<str:uid>/papers/<str:paper_uid>/", papers.paper, name="paper"),
    path(
        "cases/<str:uid>/papers/<str:paper_uid>/files/<int:file_id>/",
        papers.paper_file,
        name="paper_file",
    ),
]
urlpatterns = [
    path("alerts/<int:alert_id>/", alert, name="alert"),
    path("alerts/<int:alert_id>/explain/", explain, name="explain"),
    path("alerts/<int:alert_id>/files/<int:file_id>/", proof_file, name="proof_file"),
    path("alerts/<int:alert_id>/confirm/", confirm, name="confirm"),
    path("students/<str:uid>/", child_views.child, name="child"),
    path("students/<str:uid>/reveal/", child_views.reveal, name="reveal"),
    path("students/<str:uid>/contact/", contact_views.contact, name="contact"),
    path("students/<str:uid>/call/", contact_views.call, name="call"),
    path(
        "students/<str:uid>/contacts/<int:contact_id>/",
        contact_views.contact_saved,
        name="contact_saved",
    ),
    path(
        "students/<str:uid>/contacts/<int:contact_id>/photo/",
        contact_views.contact_file,
        name="contact_file",
    ),
    path("rules/", rules_views.rules, name="rules"),
    path("escalations/", rising_views.escalations_page, name="escalations"),
    path("referred/", rising_views.referred, name="referred"),
    path("cases/", worklist_page, name="worklist"),
    *of_a_case,
]
