from enum import Enum

from django.apps import AppConfig
from django.db.migrations.serializer import ChoicesSerializer
from django.db.migrations.writer import MigrationWriter


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = "区划、学校与校历"

    def ready(self) -> None:
        """Migrations hold the value of an enum's member, not its name in today's code."""
        MigrationWriter.register_serializer(Enum, ChoicesSerializer)
