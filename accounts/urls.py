from django.urls import path

from accounts.login import device_views as phones
from accounts.login import views as login
from accounts.places import views as places
from accounts.seats import views as seats
from accounts.trail_views import seat_changes, trail

app_name = "accounts"
urlpatterns = [
    path("login/", login.log_in, name="login"),
    path("logout/", login.log_out, name="logout"),
    path("account/", login.account, name="account"),
    path("account/password/", login.password, name="password"),
    path("account/confirm/", login.confirm, name="confirm"),
    path("account/phone/", phones.trust, name="trust"),
    path("account/phone/revoke/", phones.revoke, name="revoke"),
    path("users/", seats.users, name="users"),
    path("trail/", trail, name="trail"),
    path("trail/seats/", seat_changes, name="seat_changes"),
    path("bring/<slug:door>/", places.bring, name="bring"),
    path("bring/<slug:door>/<str:uid>/", places.bring_check, name="bring_check"),
    path("bring/<slug:door>/<str:uid>/apply/", places.bring_apply, name="bring_apply"),
]
