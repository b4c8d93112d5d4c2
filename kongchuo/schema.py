"""Is a database one that our migrations made: the same history, and the tables it says?

Migrations are written anew (squashed to one per app) before the first release; a database made by
others holds their names in its history, or, under the same name, other tables.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader


def our_apps() -> set[str]:
    """The apps whose folders lie in the project."""
    return {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).parent == Path(settings.BASE_DIR)
    }


def foreign() -> list[str]:
    """What stands in the database that our migrations did not make; nothing for an empty one."""
    loader = MigrationLoader(connection)
    ours = our_apps()
    applied = {key for key in loader.applied_migrations if key[0] in ours}
    if unknown := sorted(f"{app}.{name}" for app, name in applied - set(loader.disk_migrations)):
        return unknown
    state = loader.project_state([key for key in applied if key in loader.graph.nodes])
    made = [model for model in state.apps.get_models() if model._meta.app_label in ours]
    return sorted(missing for model in made for missing in _missing(model))


def _missing(model: type[models.Model]) -> Iterator[str]:
    """Columns, constraints and indexes of a model that its table lacks, or has beyond them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            yield table
            return
        columns = connection.introspection.get_table_description(cursor, table)
        standing = {column.name for column in columns}
        named = set(connection.introspection.get_constraints(cursor, table))
    told = {field.column for field in model._meta.local_concrete_fields}
    yield from (f"{table}.{column}" for column in standing ^ told)
    rules = [*model._meta.constraints, *model._meta.indexes]
    yield from (rule.name for rule in rules if rule.name not in named)
