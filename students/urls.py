from django.urls import path

from students import views

app_name = "students"
urlpatterns = [
    path("students/", views.students, name="students"),
    path("class/", views.my_class, name="my_class"),
    path("class/<int:class_id>/", views.class_roll, name="class_roll"),
    path("roster/", views.roster, name="roster"),
    path("roster/template/", views.template, name="template"),
    path("roster/<str:uid>/", views.roster_check, name="roster_check"),
    path("roster/<str:uid>/apply/", views.roster_apply, name="roster_apply"),
    path("roster/<str:uid>/rejected/", views.roster_rejected, name="roster_rejected"),
]
