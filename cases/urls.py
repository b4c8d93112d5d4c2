from django.urls import path

from cases import views

app_name = "cases"
urlpatterns = [
    path("alerts/<int:alert_id>/", views.alert, name="alert"),
    path("alerts/<int:alert_id>/explain/", views.explain, name="explain"),
    path("alerts/<int:alert_id>/files/<int:file_id>/", views.proof_file, name="proof_file"),
    path("alerts/<int:alert_id>/confirm/", views.confirm, name="confirm"),
    path("students/<str:uid>/", views.child, name="child"),
    path("students/<str:uid>/reveal/", views.reveal, name="reveal"),
    path("students/<str:uid>/contact/", views.contact, name="contact"),
    path("referred/", views.referred, name="referred"),
]
