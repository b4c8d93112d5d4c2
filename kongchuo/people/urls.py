from django.urls import path

from kongchuo.people import views
from kongchuo.people.activation_views import waiting_seats
from kongchuo.people.export_views import export
from kongchuo.people.slip_views import first_passwords

app_name = "people"
urlpatterns = [
    path("seats/waiting/", waiting_seats, name="waiting"),
    path("people/", views.index, name="index"),
    path("people/export/", export, name="export"),
    path("people/passwords/", first_passwords, name="first_passwords"),
    path("people/at/<str:path>/", views.appoint, name="appoint"),
    path("people/<int:pk>/", views.seat, name="seat"),
    path("people/<int:pk>/reset/", views.reset, name="reset"),
    path("people/<int:pk>/<slug:name>/", views.act, name="act"),
]
