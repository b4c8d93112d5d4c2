"""`make screens`: take the pictures of docs/screens/ anew, from a demo county of their own.

Database, keys and server live in a temporary directory and end with the script; var/ is not touched.
The hour in the pictures is the hour they are taken at: only the day is pinned.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screens"
TODAY = date(2026, 11, 19)
SIZES = {"1440": {"width": 1440, "height": 900}, "390": {"width": 390, "height": 844}}
LARGEST = 300_000  # bytes of one picture
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    chromium = os.environ.get("KONGCHUO_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUMS)), ""
    )
    if not chromium:
        return fail("没有找到 chromium（Debian：apt install chromium），装好后再运行。")
    with tempfile.TemporaryDirectory(prefix="kongchuo-screens-") as var:
        password = build(Path(var))
        with serving() as address:
            taken = Camera(chromium, address, password, Path(var)).take_all()
    for file in taken:
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")
    large = [file.name for file in taken if file.stat().st_size > LARGEST]
    return fail(f"图片太大：{'、'.join(large)}。") if large else 0


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def build(var: Path) -> str:
    """The demo county with its alerts, in a database under `var`; the password of its accounts."""
    os.environ |= {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DEBUG": "1",
        "KONGCHUO_VAR": str(var),
        "KONGCHUO_TODAY": TODAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "kongchuo.settings",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    from kongchuo.jobs import JOBS

    with open(os.devnull, "w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("demo", until=TODAY.isoformat(), stdout=nowhere, stderr=nowhere)
        for job in JOBS:
            call_command("run_job", job, on=TODAY.isoformat(), stdout=nowhere)
    from demo.load.bulk_load import PASSWORD

    write_roster(var / "七年级名册.xlsx")
    return PASSWORD


def write_roster(target: Path) -> None:
    """A roster of the demo's first class: some changed, one new, two cells wrong, some left out."""
    from accounts.workbooks import Sheet, write_workbook
    from regions.models import SchoolClass
    from students.models import Student
    from students.rules.identity import check_digit

    first_class = SchoolClass.objects.order_by("pk")[0]
    children = list(Student.objects.filter(school_path=first_class.path).order_by("pk")[:42])
    header = ["姓名", "身份证件类型", "身份证件号", "班级", "是否住校"]
    rows = [
        [child.name, "居民身份证", child.id_no, "七(1)班", "是" if child.boarder else "否"]
        for child in children
    ]
    for number in (1, 4, 9):
        rows[number][4] = "否" if rows[number][4] == "是" else "是"
    body = "53990120131115998"
    rows.append(["和春花", "居民身份证", body + check_digit(body), "七(1)班", "是"])
    rows[20][2] = rows[20][2][:-1] + ("1" if rows[20][2][-1] != "1" else "2")
    rows[30][3] = "快班"
    write_workbook(target, [Sheet("七年级", header, rows, text_columns=[2])])


def main_pages() -> dict[str, tuple[str, str]]:
    """The pages of the tour beside the register: name of the picture, who opens it, where."""
    ordered = owned(step="order", papers__services__isnull=False)
    watched = owned(state="observing")
    owner, case = ordered
    paper = case.papers.exclude(state="void").latest("pk")
    return {
        "worklist": (owner, "/cases/"),
        "case": (owner, f"/cases/{case.uid}/"),
        "order": (owner, f"/cases/{case.uid}/papers/{paper.uid}/"),
        "visit": (owner, f"/students/{case.student.uid}/contact/"),
        "observing": (watched[0], f"/cases/{watched[1].uid}/"),
        "overview": ("bureau", "/overview/"),
        "names": ("bureau", "/names/?student_status=dropout"),
        "contracts": ("bureau", "/contracts/"),
        "monthly": ("bureau", "/monthly/"),
        "screen": ("bureau", "/overview/screen/"),
    }


def owned(**wanted):
    """(username of the township that answers for it, case) of the first open case like this."""
    from accounts.models import Seat
    from cases.models import Case

    case = Case.objects.open().filter(**wanted).order_by("pk").distinct()[0]
    owner = case.access_rows.get(kind="owner", until=None)
    return Seat.objects.filter(role="township", path=owner.path)[0].user.username, case


@contextmanager
def serving() -> Iterator[str]:
    """The portal on a free port of this machine; the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise SystemExit("演示服务没有起来。请用 make run 看看原因。")


class Camera:
    """Takes each picture at both sizes."""

    def __init__(self, chromium: str, address: str, password: str, var: Path) -> None:
        self.chromium, self.address, self.password, self.var = chromium, address, password, var
        self.taken: list[Path] = []

    def take_all(self) -> list[Path]:
        from playwright.sync_api import sync_playwright

        TARGET.mkdir(parents=True, exist_ok=True)
        toured = main_pages()
        with sync_playwright() as playwright:
            self.browser = playwright.chromium.launch(executable_path=self.chromium, args=FLAGS)
            for size in SIZES:
                self.snap(self.page(size), "login", size)
            for size in SIZES:
                self.of_the_office(size)
            for size in SIZES:
                self.of_the_teacher(size)
            self.of_the_done_register()
            for name, (user, url) in toured.items():
                for size in SIZES:
                    page = self.page(size, user)
                    page.goto(f"{self.address}{url}")
                    self.snap(page, name, size)
            self.browser.close()
        return self.taken

    def page(self, size: str, user: str = ""):
        """A page of its own session, logged in as `user` where one is given."""
        context = self.browser.new_context(
            viewport=SIZES[size], locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        page = context.new_page()
        page.goto(f"{self.address}/login/")
        if user:
            page.fill("#id_username", user)
            page.fill("#id_password", self.password)
            page.click("button[type=submit]")
            page.wait_for_load_state("networkidle")
        return page

    def snap(self, page, name: str, size: str) -> None:
        file = TARGET / f"{name}-{size}.png"
        page.wait_for_load_state("networkidle")
        page.screenshot(path=file)
        self.taken.append(file)

    def of_the_office(self, size: str) -> None:
        page = self.page(size, "office")
        page.goto(f"{self.address}/school/")
        self.snap(page, "school", size)
        page.locator("#alerts a", has_text="确认预警").first.click()
        page.goto(page.url.split("#")[0])
        self.snap(page, "alert", size)
        page.goto(f"{self.address}/roster/")
        page.set_input_files("#file", self.var / "七年级名册.xlsx")
        page.click("text=上传并核对")
        page.locator("h1", has_text="核对名册").wait_for()
        self.snap(page, "import", size)

    def of_the_teacher(self, size: str) -> None:
        page = self.page(size, "teacher")
        self.snap(page, "register", size)
        page.locator(".pupil:not([data-watch='0'])").first.click()
        self.snap(page, "register-sheet", size)

    def of_the_done_register(self) -> None:
        """Three exceptions sent; the page that answers, on the PC and as narrow as a phone."""
        page = self.page("1440", "teacher")
        watched = page.locator(".pupil:not([data-watch='0'])").first
        chosen = [(watched, "absent"), (page.locator(".pupil").nth(8), "sick")]
        for pupil, mark in [*chosen, (page.locator(".pupil").nth(16), "late")]:
            pupil.click()
            page.click(f"#sheet [data-set={mark}]")
        page.click("[data-submit]")
        page.locator("p.t-ok[role=status]").wait_for()
        self.snap(page, "register-done", "1440")
        page.set_viewport_size(SIZES["390"])
        self.snap(page, "register-done", "390")


if __name__ == "__main__":
    sys.exit(main())
