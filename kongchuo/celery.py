"""Celery carries the jobs; it is never the record. Losing the broker costs delay only."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kongchuo.settings")

app = Celery("kongchuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {
        "task": "kongchuo.tasks.tick",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    }
}
