"""A user whose seats have all ended can do nothing, is told why, and can leave."""

import pytest

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_user_without_a_seat_is_told_and_can_log_out(client):
    user = User.objects.create(username="lizhi1", name="罗玉", must_change_password=False)
    client.force_login(user)
    shown = client.get("/", follow=True)
    html = shown.content.decode()
    assert shown.status_code == 403 and "你的账号现在没有岗位" in html
    assert 'action="/logout/"' in html
    assert client.post("/logout/").status_code == 302
    assert "_auth_user_id" not in client.session
