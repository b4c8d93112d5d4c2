"""manage.py check_history: did our migrations make this database? `make run` asks before it migrates."""

import json

from django.core.management.base import BaseCommand

from kongchuo.schema import foreign


class Command(BaseCommand):
    help = "核对数据库是不是由本版本的迁移建立的；输出不是的部分，没有就是空列表。"
    requires_system_checks = ()

    def handle(self, **options) -> None:
        self.stdout.write(json.dumps({"foreign": foreign()}, ensure_ascii=False))
