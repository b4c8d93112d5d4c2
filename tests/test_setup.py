"""What a machine is set up from: lock files, the container description, the front-end files."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.contrib.staticfiles import finders

from kongchuo import frontend

ROOT = Path(settings.BASE_DIR)
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
LISTS = sorted(ROOT.glob("requirements*.txt"))


def test_compose_names_the_five_services_and_pins_the_two_servers():
    assert set(SERVICES) == {"web", "worker", "beat", "db", "redis"}
    assert SERVICES["db"]["image"].split(":") == ["postgres", "15"]
    assert SERVICES["redis"]["image"].split(":") == ["redis", "7"]


def test_redis_keeps_what_it_was_given():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_every_service_has_a_healthcheck_and_comes_back_by_itself():
    for name, service in SERVICES.items():
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_everything_that_must_last_lies_in_a_named_volume():
    named = set(yaml.safe_load(COMPOSE)["volumes"])
    for name in ("web", "worker", "db", "redis"):
        mounts = {volume.split(":")[0] for volume in SERVICES[name]["volumes"]}
        assert mounts, name
        assert mounts <= named, name
    assert SERVICES["db"]["volumes"] == ["db:/var/lib/postgresql/data"]


def test_nothing_but_the_web_server_is_reachable_and_that_from_this_machine_only():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["web"]
    assert SERVICES["web"]["ports"][0].startswith("127.0.0.1:")


def test_there_is_one_scheduler_and_workers_carry_none():
    assert "beat" in SERVICES["beat"]["command"]
    assert not {"-B", "--beat"} & set(SERVICES["worker"]["command"])


def test_no_secret_has_a_default_in_compose():
    for name in ("SECRET_KEY", "KONGCHUO_FIELD_KEYS", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(:.)", COMPOSE)) == {":?"}


def test_every_variable_compose_asks_for_stands_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    asked = set(re.findall(r"(?<!\$)\$\{?([A-Z][A-Z_]+)", COMPOSE))
    assert "SECRET_KEY" in asked
    assert asked <= set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))


def test_every_variable_the_settings_read_stands_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    source = (ROOT / "kongchuo" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"(?:env\.\w+|kept_secret|listed)\(\s*\"([A-Z_]+)\"", source))
    assert {"DATABASE_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"} <= read
    assert read <= set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))


@pytest.mark.parametrize("comma", [", ", "，"])
def test_hosts_in_env_are_read_as_people_write_them(comma, tmp_path):
    """A process of its own starts as in production and answers to the second name (O14)."""
    hosts, origins = ("a.gov.cn", "b.gov.cn"), ("https://a.gov.cn", "https://b.gov.cn")
    (tmp_path / ".env").write_text(
        f"ALLOWED_HOSTS={comma.join(hosts)}\nCSRF_TRUSTED_ORIGINS={comma.join(origins)}\n", "utf-8"
    )
    code = """if True:
        import sys, environ
        environ.Env.read_env(sys.argv[1])
        import django
        django.setup()
        from django.conf import settings
        from django.test import Client
        answer = Client().get("/healthz", headers={"host": "b.gov.cn"})
        print(answer.status_code, *settings.ALLOWED_HOSTS, *settings.CSRF_TRUSTED_ORIGINS)
    """
    production = {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "kongchuo.settings", "PYTHONPATH": str(ROOT),
                  "SECRET_KEY": "x" * 50, "KONGCHUO_FIELD_KEYS": "k1:" + "A" * 64,
                  "DATABASE_URL": "sqlite://:memory:", "KONGCHUO_VAR": str(tmp_path)}  # fmt: skip
    kept = {name: value for name, value in os.environ.items()
            if name not in ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS")}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / ".env")], cwd=ROOT,
                          env=kept | production, capture_output=True, text=True)  # fmt: skip
    assert done.stdout.split() == ["200", *hosts, *origins], done.stderr


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_list_of_packages_pins_each_with_hashes_and_names_no_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--find-links|--extra-index", text)
    for entry in re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)):
        assert re.match(r"[a-z0-9.\-]+(\[[a-z,-]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_there_is_a_list_for_pip_running_testing_developing_and_node():
    kinds = {path.stem.removeprefix("requirements") for path in LISTS}
    assert kinds == {"", "-run", "-pip", "-test", "-dev", "-node"}


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9.\-]+(?:\[[a-z,-]+\])?==\S+", (ROOT / name).read_text(), re.M))


def test_the_image_installs_what_the_portal_runs_on_and_no_test_tool():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"requirements\S*\.txt", dockerfile) == ["requirements-run.txt"] * 2
    assert pins("requirements-run.txt") < pins("requirements.txt")
    beyond = {pin.split("==")[0] for pin in pins("requirements.txt") - pins("requirements-run.txt")}
    assert {"pytest", "pytest-django"} <= beyond
    assert not [pin for pin in pins("requirements-run.txt") if "pytest" in pin]


def test_requirements_txt_names_what_the_county_asked_for():
    named = {re.split(r"[\[=]", pin)[0] for pin in pins("requirements.txt")}
    asked = "django django-environ psycopg celery redis openpyxl pytest-django"
    assert set(asked.split()) <= named


def test_what_counts_as_a_rule_is_found():
    """pyproject.toml names the files that coverage holds to its higher floor."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["kongchuo"]["rules"]
    assert all(list(ROOT.glob(pattern)) for pattern in rules["files"])


def test_the_npm_lock_names_no_registry_and_has_a_digest_for_each_package():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert packages.pop("")["dependencies"] == wanted
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert package["integrity"].startswith("sha512-"), name


def test_front_end_files_are_found_under_vendor_and_nothing_else_is():
    for folder, names in frontend.FILES.items():
        for name in names:
            found = finders.find(f"vendor/{name}")
            assert found == str(ROOT / "node_modules" / folder / name)
    assert not finders.find("vendor/bootstrap.css")
    assert not finders.find("vendor/../package.json")
    assert frontend.FrontEndFinder().check() == []


def test_the_icon_sheet_finds_its_fonts():
    sheet = Path(finders.find("vendor/bootstrap-icons.min.css"))
    asked = re.findall(r'url\("([^"?]+)', sheet.read_text(encoding="utf-8"))
    assert asked
    assert all(finders.find(f"vendor/{name}") for name in asked)


def test_collectstatic_is_offered_each_file_once():
    offered = [f"{storage.prefix}/{name}" for name, storage in frontend.FrontEndFinder().list([])]
    assert sorted(offered) == sorted(
        f"vendor/{name}" for names in frontend.FILES.values() for name in names
    )


def test_a_missing_front_end_file_is_named_with_what_to_do(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    messages = frontend.FrontEndFinder().check()
    assert len(messages) == sum(map(len, frontend.FILES.values()))
    assert "htmx.org/dist/htmx.min.js" in " ".join(message.msg for message in messages)
    assert all("make run" in message.hint for message in messages)
