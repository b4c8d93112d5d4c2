from django.urls import path

from accounts import place_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("teachers/", views.teachers, name="teachers"),
    path("users/", views.users, name="users"),
    path("trail/", views.trail, name="trail"),
    path("calendar/", place_views.calendar, name="calendar"),
    path("policy/", place_views.policy, name="policy"),
    path("bring/<slug:door>/", place_views.bring, name="bring"),
    path("bring/<slug:door>/<str:uid>/", place_views.bring_check, name="bring_check"),
    path("bring/<slug:door>/<str:uid>/apply/", place_views.bring_apply, name="bring_apply"),
]
