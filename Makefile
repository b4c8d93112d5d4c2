# make run · test · coverage · lint · fix · screens · bench · clean: each readies what it needs on a fresh clone.
# What is ready carries a stamp, so that a second start skips pip and npm. `var/` (database, keys,
# uploads) is never touched from here.

.DEFAULT_GOAL := help
.PHONY: help run test test-clock coverage fuzz lint fix screens bench audit lock clean
MAKEFLAGS += --no-print-directory

# The newest Python from 3.11 on, one with the venv module first.
PYTHON := $(shell for need in 'ensurepip, venv, sys' sys; do \
	for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c "import $$need; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && echo $$p && exit; \
	done; done)
# A venv whose Python is gone (system upgrade) is made anew.
BROKEN := $(shell .venv/bin/python -c '' 2>/dev/null || rm -f .venv/.ready-*)
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes
SAY_PIP := { echo '安装 Python 依赖没有成功：请检查网络或 pip 源的设置，再运行一次。' >&2; exit 1; }
SAY_DEV := { echo '检查没有通过：请按上面的提示修改，格式问题可以运行 make fix。' >&2; exit 1; }
APPS := regions accounts students attendance cases contracts reports kongchuo demo
CHECKED := $(APPS) scripts tests manage.py

help:
	@echo 'make run      启动演示系统（http://127.0.0.1:8000）'
	@echo 'make test     运行全部测试'
	@echo 'make test-clock  在另外三个时刻运行测试（需要 faketime）'
	@echo 'make coverage  测试走到的行和分支（SQLite 上）'
	@echo 'make fuzz     5,000 个损坏的文件逐一送进每个文件入口（FILES=、SEED= 可改）'
	@echo 'make lint     检查代码　　make fix  自动整理代码'
	@echo 'make screens  重拍 docs/screens/ 里的页面图片'
	@echo 'make bench    测量：各项工作与下限的倍数（6,000 和 60,000 名学生）'
	@echo 'make clean    删除安装的依赖和缓存（不动 var/ 里的数据）'

run: .venv/.ready-run node_modules/.ready
	@.venv/bin/python scripts/run.py

test: .venv/.ready-test node_modules/.ready
	@.venv/bin/python scripts/test.py $(ARGS)

test-clock: .venv/.ready-test node_modules/.ready
	@.venv/bin/python scripts/test_clock.py $(ARGS)

coverage: .venv/.ready-test node_modules/.ready
	@.venv/bin/python scripts/test_coverage.py $(ARGS)

# Other dice each time; what fails names its seed: make fuzz SEED=… ARGS='-k roster-0017'.
FILES := 5000
SEED := $(shell date +%s)
fuzz: .venv/.ready-test node_modules/.ready
	@echo 'SEED=$(SEED) FILES=$(FILES)'
	@KONGCHUO_FUZZ_FILES=$(FILES) KONGCHUO_FUZZ_SEED=$(SEED) .venv/bin/python scripts/test.py \
		tests/doors/test_fuzz.py $(ARGS)

screens: .venv/.ready-test node_modules/.ready
	@.venv/bin/python scripts/screens.py $(ARGS)

bench: .venv/.ready-test node_modules/.ready
	@.venv/bin/python scripts/bench $(ARGS)

lint: .venv/.ready-dev node_modules/.ready
	@.venv/bin/python -m ruff check $(CHECKED) || $(SAY_DEV)
	@.venv/bin/python -m ruff format --check $(CHECKED) || $(SAY_DEV)
	@DEBUG=1 .venv/bin/python -m mypy || $(SAY_DEV)
	@PYTHONPATH=. .venv/bin/lint-imports || $(SAY_DEV)
	@.venv/bin/python -m djlint --lint --quiet templates || $(SAY_DEV)
	@.venv/bin/djangofmt --quiet --check templates || $(SAY_DEV)
	@.venv/bin/python scripts/dead_code.py || $(SAY_DEV)
	@PYTHONWARNINGS=ignore .venv/bin/deptry . --config scripts/deptry.toml --no-ansi || $(SAY_DEV)
	@DEBUG=1 .venv/bin/python manage.py check --fail-level WARNING || $(SAY_DEV)
	@DEBUG=1 .venv/bin/python manage.py makemigrations --check --dry-run || $(SAY_DEV)

fix: .venv/.ready-dev
	@.venv/bin/python -m ruff check --fix --quiet $(CHECKED) || true
	@.venv/bin/python -m ruff format $(CHECKED)
	@.venv/bin/djangofmt --quiet templates

audit: .venv/.ready-dev
	@.venv/bin/python -m pip_audit --require-hashes --disable-pip -r requirements.txt

# After a change of requirements*.in: resolve anew, for every platform and Python from 3.11 on.
lock: .venv/.ready-dev
	@for name in requirements-pip requirements-run requirements requirements-test requirements-dev requirements-node; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-annotate --no-emit-index-url --no-emit-find-links \
			--custom-compile-command 'make lock' $$name.in -o $$name.txt || exit 1; done

clean:
	rm -rf .venv node_modules staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache htmlcov .coverage
	find $(CHECKED) -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n '$(PYTHON)' || { echo '需要 Python 3.11 或更新版本：请先运行 sudo apt install python3 python3-venv。' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { v=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python 缺少 venv 模块：请先运行 sudo apt install python$$v-venv，再运行一次。" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; echo '建立 .venv 没有成功：请确认磁盘有空间、本目录可写，再运行一次。' >&2; exit 1; }

.venv/.ready-pip: requirements-pip.txt | .venv/bin/python
	@echo '正在安装 Python 依赖……' >&2
	@$(PIP) -r requirements-pip.txt || $(SAY_PIP)
	@touch $@

.venv/.ready-run: requirements.txt .venv/.ready-pip
	@$(PIP) -r requirements.txt || $(SAY_PIP)
	@touch $@

.venv/.ready-test: requirements-test.txt .venv/.ready-run
	@$(PIP) -r requirements.txt -r requirements-test.txt || $(SAY_PIP)
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready-test
	@$(PIP) -r requirements.txt -r requirements-test.txt -r requirements-dev.txt || $(SAY_PIP)
	@touch $@

# npm 6 and older cannot read the lock file; a machine without a newer one gets Node.js from PyPI.
node_modules/.ready: package.json package-lock.json | .venv/.ready-run
	@echo '正在下载前端文件……' >&2
	@major=$$(npm --version 2>/dev/null | cut -d. -f1); \
	if ! [ "$${major:-0}" -ge 7 ] 2>/dev/null; then \
		PATH="$$PWD/.venv/bin:$$PATH"; export PATH; \
		[ -x .venv/bin/npm ] || $(PIP) -r requirements-node.txt || $(SAY_PIP); fi; \
	npm ci --ignore-scripts --loglevel=error >/dev/null \
		|| { echo '下载前端文件没有成功：请检查网络或 npm 源的设置，再运行一次。' >&2; exit 1; }
	@touch $@
