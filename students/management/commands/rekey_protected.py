"""Seals every protected value with the current key and indexes it again."""

from django.db import transaction

from accounts.door_command import DoorCommand
from students.models import Charge, Guardian, Student

FIELDS = {
    Student: ["id_no_sealed", "id_no_index", "xueji_no_sealed", "xueji_no_index"],
    Guardian: ["id_no_sealed", "id_no_index", "phone_sealed", "phone_index"],
    Charge: ["phone_sealed", "phone_index"],
}
CHUNK = 500


class Command(DoorCommand):
    help = "换密钥后，用当前密钥重新封存并重建索引（KONGCHUO_FIELD_KEYS 的第一把）。"

    def handle(self, **options):
        self.say({model.__name__.lower(): self._rekey(model) for model in FIELDS})

    def _rekey(self, model) -> int:
        done, last = 0, 0
        while chunk := list(model.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            with transaction.atomic():
                for row in chunk:
                    for name in ("id_no", "xueji_no", "phone"):
                        if isinstance(getattr(model, name, None), property):
                            setattr(row, name, getattr(row, name))
                model.objects.bulk_update(chunk, FIELDS[model])
            done, last = done + len(chunk), chunk[-1].pk
        return done
