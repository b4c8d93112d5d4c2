"""Other projects' front-end files, served out of node_modules under `vendor/`.

Only the files named here are served: whole `dist` folders would make collectstatic take minutes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor"
# Folder in node_modules -> its files; the path of a file in its folder stays, so that a style
# sheet finds its fonts.
FILES = {
    "bootstrap/dist/css": ("bootstrap.min.css", "bootstrap.min.css.map"),
    "bootstrap/dist/js": ("bootstrap.bundle.min.js", "bootstrap.bundle.min.js.map"),
    "bootstrap-icons/font": (
        "bootstrap-icons.min.css",
        "fonts/bootstrap-icons.woff2",
        "fonts/bootstrap-icons.woff",
    ),
    "htmx.org/dist": ("htmx.min.js",),
    "echarts/dist": ("echarts.min.js",),
}
Messages = list[CheckMessage]  # inside the finder `list` is its method
Paths = list[str]


class VendorFolder(FileSystemStorage):
    """A folder of node_modules; what is collected from it lands under `vendor/`."""

    prefix = PREFIX


class FrontEndFinder(BaseFinder):
    """Finds `vendor/<name>` for the names of FILES; a missing file is an error of `check`."""

    def __init__(self, app_names: object = None) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.places = {name: self.root / folder for folder in FILES for name in FILES[folder]}

    def find(  # type: ignore[override]
        self, path: str, find_all: bool = False, **kwargs: bool
    ) -> str | Paths:
        """The absolute path of `vendor/<name>`; a list for `find_all`, and when there is none."""
        find_all = find_all or kwargs.get("all", False)
        wanted = PurePosixPath(path)
        found = []
        if wanted.is_relative_to(PREFIX):
            name = str(wanted.relative_to(PREFIX))
            if name in self.places and (self.places[name] / name).is_file():
                found.append(str(self.places[name] / name))
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorFolder]]:
        """Each file that is there, with the storage that opens it."""
        for name, folder in self.places.items():
            if (folder / name).is_file() and not matches_patterns(name, ignore_patterns or ()):
                yield name, VendorFolder(location=folder)

    def check(self, **kwargs: object) -> Messages:
        """One error per file that npm has not brought yet."""
        return [
            Error(
                f"缺少前端文件 {folder.relative_to(self.root) / name}。",
                hint="请在项目目录运行 make run，或 npm ci --ignore-scripts。",
                obj=str(folder / name),
                id="kongchuo.E001",
            )
            for name, folder in self.places.items()
            if not (folder / name).is_file()
        ]
