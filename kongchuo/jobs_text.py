"""docs/jobs.md, drawn from the table of jobs."""

from datetime import timedelta

from kongchuo.jobs import CATCH_UP, JOBS, LONGEST_PASS, TABLE, Job
from regions.rules.policies import THRESHOLDS

HEADER = ("任务", "名称", "函数", "何时", "错过的日子", "当天再做一次，如果")


def draw() -> str:
    """The page, as Markdown."""
    lines = [
        "# 任务",
        "",
        "由 `kongchuo/jobs.py` 的任务表画出（`manage.py draw_docs`），测试核对两者一致。",
        "每五分钟核对一次：哪个县、哪一天、哪个任务该做了。每个县从最早欠下的一天起，逐天逐个任务做完；",
        "一天里前一个做完，才做后一个。某一天的任务失败，只挡住那一天后面的任务，下一次再试。",
        f"只补最近 {CATCH_UP.days} 天，不补该县第一次运行以前的日子；"
        f"一次最多连续做 {_minutes(LONGEST_PASS)}。",
        "手工运行：`manage.py run_job 任务 --on 日期`。变动按县看：一个县的名册变了，别的县不重做。",
        "",
        row(HEADER),
        row(["---"] * len(HEADER)),
        *(row(cells_of(job)) for job in TABLE),
        "",
        "## 什么变动使结果过时",
        "",
        row(("任务", "原因", "经过里的动作")),
        row(["---"] * 3),
        *(
            row((f"`{job.name}`", cause.label, "、".join(f"`{v}`" for v in cause.verbs) or "—"))
            for job in TABLE
            for cause in job.stale_by
        ),
    ]
    return "\n".join(lines) + "\n"


def row(cells) -> str:
    return f"| {' | '.join(cells)} |"


def cells_of(job: Job) -> tuple[str, ...]:
    function = f"{job.function.__module__}.{job.function.__name__}"
    owed = "逐天补做" if job.owed else "不补，只做当天"
    return (f"`{job.name}`", job.label, f"`{function}`", when(job), owed, again_if(job))


def when(job: Job) -> str:
    """The hour it waits for, or the job it follows."""
    if job.after:
        return f"{JOBS[job.after].label}做完之后"
    threshold = THRESHOLDS[job.clock]
    return f"本县{threshold.label}（{threshold.default}，可由政策改）之后"


def again_if(job: Job) -> str:
    causes = [f"{JOBS[job.after].label}又做过"] if job.after else []
    causes += [f"已过 {_minutes(job.every)}"] if job.every else []
    return "；".join([*causes, *(cause.label for cause in job.stale_by)])


def _minutes(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)} 分钟"
