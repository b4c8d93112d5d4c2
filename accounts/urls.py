from django.urls import path

from accounts.login import views as login
from accounts.places import views as places
from accounts.seats import views as seats
from accounts.trail import seat_changes, trail

app_name = "accounts"
urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("account/", login.account, name="account"),
    path("account/password/", login.password, name="password"),
    path("teachers/", seats.teachers, name="teachers"),
    path("users/", seats.users, name="users"),
    path("trail/", trail, name="trail"),
    path("trail/seats/", seat_changes, name="seat_changes"),
    path("calendar/", places.calendar, name="calendar"),
    path("policy/", places.policy, name="policy"),
    path("bring/<slug:door>/", places.bring, name="bring"),
    path("bring/<slug:door>/<str:uid>/", places.bring_check, name="bring_check"),
    path("bring/<slug:door>/<str:uid>/apply/", places.bring_apply, name="bring_apply"),
]
