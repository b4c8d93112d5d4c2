"""Protected values: what the envelope promises, the index beside it, and a change of keys."""

import base64
import json
import secrets
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.protected import KeyLost, current_key, index, keys, seal, unseal
from students.models import Charge, Guardian, Student
from tests import factories as make

NUMBER = make.id_number(7)
PLACE = ("student", "id_no", "AAAAAAAAAA")


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(48)).decode()}"


@pytest.fixture(autouse=True)
def fresh_keys(settings):
    """Keys of this test alone; `with_keys` changes them as an installation does, by restarting."""
    settings.KONGCHUO_FIELD_KEYS = key("k1")
    keys.cache_clear()
    yield
    keys.cache_clear()


@pytest.fixture
def with_keys(settings):
    def restart(*parts: str) -> None:
        settings.KONGCHUO_FIELD_KEYS = ",".join(parts)
        keys.cache_clear()

    return restart


class TestEnvelope:
    @pytest.mark.parametrize("value", [NUMBER, "G" + NUMBER, "13812300007", "H1234567(8)", "无"])
    def test_opens_to_what_was_sealed(self, value):
        assert unseal(seal(value, *PLACE), *PLACE) == value

    def test_names_its_version_and_key_and_shows_nothing(self):
        version, key_id, *parts = seal(NUMBER, *PLACE).split("|")
        assert (version, key_id, len(parts)) == ("1", "k1", 3)
        assert not any(NUMBER[n : n + 6] in "|".join(parts) for n in range(13))

    def test_nothing_stays_nothing(self):
        assert seal("", *PLACE) == unseal("", *PLACE) == index("") == ""

    def test_of_the_same_value_is_another_each_time(self):
        assert len({seal(NUMBER, *PLACE) for _ in range(50)}) == 50

    @pytest.mark.parametrize(
        "elsewhere",
        [
            ("student", "id_no", "BBBBBBBBBB"),
            ("student", "xueji_no", "AAAAAAAAAA"),
            ("guardian", "id_no", "AAAAAAAAAA"),
        ],
    )
    def test_moved_to_another_row_field_or_table_does_not_open(self, elsewhere):
        with pytest.raises(KeyLost, match="打不开"):
            unseal(seal(NUMBER, *PLACE), *elsewhere)

    @pytest.mark.parametrize("part", [2, 3, 4])
    def test_changed_by_one_bit_does_not_open(self, part):
        parts = seal(NUMBER, *PLACE).split("|")
        raw = bytearray(base64.b64decode(parts[part]))
        raw[0] ^= 1
        parts[part] = base64.b64encode(raw).decode()
        with pytest.raises(KeyLost, match="打不开"):
            unseal("|".join(parts), *PLACE)

    def test_of_a_key_that_is_gone_says_which_and_what_to_do(self, with_keys):
        sealed = seal(NUMBER, *PLACE)
        with_keys(key("k2"))
        with pytest.raises(KeyLost, match="缺少编号为 k1 的字段密钥。请从备份恢复"):
            unseal(sealed, *PLACE)

    def test_of_another_key_by_the_same_name_does_not_open(self, with_keys):
        sealed = seal(NUMBER, *PLACE)
        with_keys(key("k1"))
        with pytest.raises(KeyLost, match="打不开"):
            unseal(sealed, *PLACE)

    @pytest.mark.parametrize("message", ["缺少", "打不开"])
    def test_no_refusal_repeats_the_value(self, with_keys, message):
        sealed = seal(NUMBER, *PLACE)
        with_keys(key("k2" if message == "缺少" else "k1"))
        with pytest.raises(KeyLost, match=message) as refusal:
            unseal(sealed, *PLACE)
        assert NUMBER not in str(refusal.value) and sealed not in str(refusal.value)


class TestKeys:
    def test_the_first_seals_and_the_others_still_open(self, with_keys):
        old = key("k1")
        with_keys(old)
        before = seal(NUMBER, *PLACE)
        with_keys(key("k2"), old)
        assert current_key().id == "k2"
        assert seal(NUMBER, *PLACE).split("|")[1] == "k2"
        assert unseal(before, *PLACE) == NUMBER

    @pytest.mark.parametrize("size", [0, 16, 47, 49])
    def test_a_key_of_the_wrong_length_is_refused(self, with_keys, size):
        with_keys("k1:" + base64.b64encode(bytes(size)).decode())
        with pytest.raises(KeyLost, match="48"):
            keys()


class TestIndex:
    def test_finds_and_tells_nothing(self):
        assert index(NUMBER) == index(NUMBER) != index(make.id_number(8))
        assert len(index(NUMBER)) == 64 and NUMBER not in index(NUMBER)

    def test_is_keyed(self, with_keys):
        before = index(NUMBER)
        with_keys(key("k1"))
        assert index(NUMBER) != before

    @pytest.mark.django_db
    def test_is_not_unique_a_duplicate_number_is_a_finding(self):
        for name in ("岩香", "玉叫"):
            child = Student(name=name)
            child.id_no = child.xueji_no = NUMBER
            child.save()
        assert Student.objects.filter(id_no_index=index(NUMBER)).count() == 2


@pytest.mark.django_db
class TestRows:
    def child(self) -> Student:
        child = Student(name="岩香")
        child.id_no, child.xueji_no = NUMBER, "G" + NUMBER
        child.save()
        parent = Guardian(student=child, name="岩温")
        parent.phone, parent.id_no = "13812300007", make.id_number(9)
        parent.save()
        return child

    def test_no_column_holds_a_number_in_clear(self):
        self.child()
        with connection.cursor() as cursor:
            for table in ("students_student", "students_guardian"):
                cursor.execute(f"SELECT * FROM {table}")
                stored = " ".join(str(value) for row in cursor.fetchall() for value in row)
                assert "|k1|" in stored
                for secret in (NUMBER, make.id_number(9), "13812300007"):
                    assert secret not in stored

    def test_an_envelope_copied_to_another_child_does_not_open(self):
        """Who can write the table but has no key cannot give one child the number of another."""
        child, other = self.child(), Student.objects.create(name="玉叫")
        Student.objects.filter(pk=other.pk).update(id_no_sealed=child.id_no_sealed)
        other.refresh_from_db()
        with pytest.raises(KeyLost):
            _ = other.id_no

    def test_rekey_seals_everything_with_the_new_key_and_finds_it_again(self, with_keys, settings):
        child, old = self.child(), settings.KONGCHUO_FIELD_KEYS
        empty = Student.objects.create(name="娜妥")
        cadre = Charge(student=child, post="village_cadre", name="岩布勒", began=date(2026, 9, 1))
        cadre.phone = "13812300008"
        cadre.save()
        new = key("k2")
        with_keys(new, old)
        assert not Student.objects.filter(id_no_index=index(NUMBER)).exists(), "not found before"
        out = StringIO()
        call_command("rekey_protected", stdout=out)
        assert json.loads(out.getvalue()) == {"student": 2, "guardian": 1, "charge": 1}
        with_keys(new)
        child = Student.objects.get(pk=child.pk)
        parent = child.guardians.get()
        assert (child.id_no, child.xueji_no) == (NUMBER, "G" + NUMBER)
        assert (parent.phone, parent.id_no) == ("13812300007", make.id_number(9))
        assert Student.objects.get(id_no_index=index(NUMBER)) == child
        assert Guardian.objects.get(phone_index=index("13812300007")) == parent
        assert Charge.objects.get(phone_index=index("13812300008")).phone == "13812300008"
        empty.refresh_from_db()
        assert empty.id_no == empty.id_no_sealed == empty.id_no_index == ""

    def test_rekey_without_the_old_key_changes_nothing(self, with_keys):
        self.child()
        before = list(Student.objects.values()), list(Guardian.objects.values())
        with_keys(key("k2"))
        with pytest.raises(KeyLost, match="k1"):
            call_command("rekey_protected", stdout=StringIO())
        assert (list(Student.objects.values()), list(Guardian.objects.values())) == before
