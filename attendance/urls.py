from django.urls import path

from attendance import views
from attendance.authorised_absences import status_views
from attendance.authorised_absences import views as absence_views
from attendance.mark_disputes import views as wrong
from attendance.proposed_marks import views as marks
from attendance.school_year import policy_views as policies
from attendance.school_year import views as year

app_name = "attendance"
urlpatterns = [
    path("register/", views.my_register, name="my_register"),
    path("register/<int:class_id>/<str:on>/", views.register, name="register"),
    path("school/", views.my_school, name="my_school"),
    path("school/<str:code>/<str:on>/", views.school, name="school"),
    path("schools/", views.schools, name="schools_today"),
    path("schools/<str:on>/", views.schools, name="schools"),
    path("calendar/", year.calendar, name="calendar"),
    path("calendar/add/", year.calendar_add, name="calendar_add"),
    path("calendar/<int:pk>/end/", year.calendar_end, name="calendar_end"),
    path("calendar/<int:pk>/decide/", year.calendar_decide, name="calendar_decide"),
    path("calendar/settle/<int:year>/", year.calendar_settle, name="calendar_settle"),
    path("policy/", policies.policy, name="policy"),
    path("policy/rows/<int:pk>/withdraw/", policies.policy_withdraw, name="policy_withdraw"),
    path("policy/<slug:key>/rows/", policies.policy_rows, name="policy_rows"),
    path("policy/<slug:key>/", policies.policy_change, name="policy_change"),
    path("policy/<slug:key>/end/", policies.policy_end, name="policy_end"),
    path("alerts/", views.alert_list, name="alerts"),
    path("marks/", marks.proposed_marks, name="proposed_marks"),
    path("marks/<int:pk>/", marks.decide_mark, name="decide_mark"),
    path("disputes/", wrong.disputes, name="disputes"),
    path("disputes/<int:pk>/", wrong.answer_dispute, name="answer_dispute"),
    path("disputes/ask/<str:uid>/", wrong.ask_correction, name="ask_correction"),
    path("absences/", absence_views.absences, name="absences"),
    path("absences/grant/", absence_views.absences_grant, name="absences_grant"),
    path("absences/<int:absence_id>/", absence_views.absence, name="absence"),
    path(
        "absences/<int:absence_id>/files/<int:file_id>/",
        absence_views.absence_file,
        name="absence_file",
    ),
    path("absences/<int:absence_id>/<str:name>/", absence_views.absence_act, name="absence_act"),
    path("statuses/", status_views.statuses, name="statuses"),
    path("leave/<str:uid>/", views.ask_leave, name="ask_leave"),
]
