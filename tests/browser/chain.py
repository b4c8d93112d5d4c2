"""The steps of the chain, as its people do them at the browser; words they see are returned."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.files.storage import default_storage  # noqa: F401
