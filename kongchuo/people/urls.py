from django.urls import path

from kongchuo.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.index, name="index"),
    path("people/at/<str:path>/", views.appoint, name="appoint"),
    path("people/<int:pk>/", views.seat, name="seat"),
    path("people/<int:pk>/reset/", views.reset, name="reset"),
    path("people/<int:pk>/<slug:name>/", views.act, name="act"),
]
