"""Notebooks in processes of their own: what is kept, what is refused, what is killed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reportkit.project import Project
from reportkit.run.plan import NOTEBOOK
from tests.conftest import SOAK
from tests.run.conftest import Notebook
from tests.run.shop import CLOSE, OPEN, SHOW, all_end, execute, outputs, pack_text, write

BOTH = pytest.mark.parametrize("fork", [True, False], ids=["forked", "plain"])
# A plain kernel takes ten seconds to start: where only its start differs, the soak run starts it.
FORKED = pytest.mark.parametrize("fork", [True, False] if SOAK else [True])

WAIT = """\
import subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"])
with open("pids", "w") as file:
    file.write(f"{os.getpid()} {os.getppid()} {child.pid}")
time.sleep(1000)
"""


def folder(project: Project, name: str) -> Path:
    """Where the job of the company's notebook ``test/<name>`` ran."""
    return project.root / "executed/company/test" / name


def test_forked_and_plain_agree(project: Project, notebook: Notebook) -> None:
    """Both kernels give the same outputs, an analyst's inline figure included."""
    figure = "import matplotlib.pyplot as plt\nfigure = plt.plot([1, 2])"
    look = (
        "import sys, multiprocessing\n"
        "(multiprocessing.current_process().name, __name__, sys.path[0], os.environ['MPLBACKEND'])"
    )
    notebook("same", OPEN, look, figure, SHOW, CLOSE)
    found = []
    for fork in (True, False):
        assert execute(project, "same", fork=fork)["company/test/same"].error is None
        found.append(outputs(folder(project, "same") / NOTEBOOK))
    forked, plain = found
    images = [[one["data"].pop("image/png", "") for one in some if "data" in one] for some in found]
    assert forked == plain
    assert images[0] == images[1]
    assert sum(map(bool, images[0])) == 1


def test_random_numbers_differ_between_kernels(project: Project, notebook: Notebook) -> None:
    """Forked kernels do not share the seed of the server they come from."""
    notebook("first", OPEN, "import numpy as np\nprint(np.random.rand())", CLOSE)
    notebook("second", OPEN, "import numpy as np\nprint(np.random.rand())", CLOSE)
    write(project.root / "params/packs/both.yaml", pack_text("test/first", "test/second"))
    execute(project, "both")
    printed = [outputs(folder(project, name) / NOTEBOOK)[0]["text"] for name in ("first", "second")]
    assert printed[0] != printed[1]


@FORKED
def test_one_failure_among_many(project: Project, notebook: Notebook, fork: bool) -> None:
    """A notebook that fails is kept with its error and names its cell; the others finish."""
    notebook("bad", OPEN, "ratio = 1 / 0", CLOSE)
    write(project.root / "params/packs/mixed.yaml", pack_text("test/bad", "test/good"))
    done = execute(project, "mixed", fork=fork)
    assert done["company/test/good"].error is None
    assert str(done["company/test/bad"].error) == (
        "company/test/bad, In [4] ratio = 1 / 0: ZeroDivisionError: division by zero"
    )
    errors = [
        one["ename"] for one in outputs(folder(project, "bad") / NOTEBOOK) if one["output_type"] == "error"
    ]
    assert errors == ["ZeroDivisionError"]


def test_the_wrong_stores_chart(project: Project, notebook: Notebook) -> None:
    """Notebooks that write charts of one name in parallel each show their own."""
    draw = "open('chart.svg', 'w').write(str(scope))\nimport time; time.sleep(0.3)"
    editions = {"company": {}, "platform": {"for_each": "platform"}}
    notebook("chart", OPEN, draw, "print(open('chart.svg').read())", CLOSE, editions=editions)
    done = execute(project, "chart", at_once=3)
    assert [one.error for one in done.values()] == [None, None, None]
    for edition, said in (("company", "{}\n"), ("platform-jd", "{'platform': ['jd']}\n")):
        path = project.root / "executed" / edition / "test/chart" / NOTEBOOK
        assert outputs(path)[-2]["text"] == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('scope = {"platform": ["jd"]}', "it reports on scope {'platform': ['jd']}, but was asked for {}"),
        ('period = "2025-10"', "it reports on period '2025-10', but was asked for '2025-11'"),
        ('as_of = "2025-12-31"', "it reports on as_of '2025-12-31', but was asked for '2025-11-05'"),
        ('snapshot = {"number": 7}', "it reports on snapshot 7, but was asked for 1"),
    ],
)
def test_a_report_on_something_else(project: Project, notebook: Notebook, change: str, said: str) -> None:
    """A notebook that says another period, scope, day or snapshot than the run's is refused."""
    notebook("other", OPEN, change, SHOW, CLOSE)
    assert said in str(execute(project, "other")["company/test/other"].error)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((OPEN, SHOW), "its last cell does not close the report"),
        ((OPEN, CLOSE, "1 + 1"), "its last cell does not close the report"),
        ((OPEN, "raise SystemExit", CLOSE), "a cell did not run: publish("),
        ((), "its last cell does not close the report"),
    ],
)
def test_false_success(project: Project, notebook: Notebook, cells: tuple[str, ...], said: str) -> None:
    """A notebook that ran without error but did not reach its end has failed."""
    notebook("early", *cells)
    assert said in str(execute(project, "early")["company/test/early"].error)


@pytest.mark.parametrize(
    ("tag", "said"), [("raises-exception", "ZeroDivisionError"), ("skip-execution", "did not run")]
)
def test_cells_that_are_let_off(project: Project, notebook: Notebook, tag: str, said: str) -> None:
    """Tags that let a cell fail or skip it do not make a run succeed."""
    path = notebook("let", OPEN, "1 / 0", CLOSE)
    content = json.loads(path.read_text())
    content["cells"][2]["metadata"]["tags"] = [tag]
    write(path, json.dumps(content))
    assert said in str(execute(project, "let")["company/test/let"].error)


@BOTH
def test_a_killed_kernel(project: Project, notebook: Notebook, fork: bool) -> None:
    """A kernel that dies is noticed within seconds, and the notebook says where."""
    notebook("killed", OPEN, "os.kill(os.getpid(), 9)", CLOSE)
    done = execute(project, "killed", fork=fork)["company/test/killed"]
    assert str(done.error).startswith("company/test/killed, In [4] os.kill(os.getpid(), 9): DeadKernelError")
    assert done.seconds < 20
    assert outputs(folder(project, "killed") / NOTEBOOK)[-1]["ename"] == "DeadKernelError"


def test_a_killed_job(project: Project, notebook: Notebook) -> None:
    """A job that is killed from outside is reported lost, and its kernel does not outlive it."""
    notebook("lost", OPEN, WAIT.replace("time.sleep", "os.kill(os.getppid(), 9); time.sleep"), CLOSE)
    done = execute(project, "lost")["company/test/lost"]
    said = "company/test/lost, In [4]: its process ended with exit code -9 and no answer"
    assert str(done.error).startswith(said)
    assert all_end([int(pid) for pid in (folder(project, "lost") / "pids").read_text().split()])


@BOTH
def test_deadline(project: Project, notebook: Notebook, fork: bool) -> None:
    """A job past its deadline keeps its notebook, names the cell, and leaves no process."""
    notebook("slow", OPEN, WAIT, CLOSE, deadline_seconds=6)
    error = execute(project, "slow", fork=fork)["company/test/slow"].error
    assert str(error).startswith("company/test/slow, In [4] import subprocess, sys, time: DeadlineExceeded")
    assert outputs(folder(project, "slow") / NOTEBOOK)[-1]["evalue"] == "not ready after 6 seconds"
    assert all_end([int(pid) for pid in (folder(project, "slow") / "pids").read_text().split()])


@FORKED
def test_what_a_notebook_leaves_behind(project: Project, notebook: Notebook, fork: bool) -> None:
    """A process that a notebook started ends with its job."""
    notebook("litter", OPEN, WAIT.replace("time.sleep(1000)", ""), CLOSE)
    assert execute(project, "litter", fork=fork)["company/test/litter"].error is None
    assert all_end([int(pid) for pid in (folder(project, "litter") / "pids").read_text().split()])


def test_a_job_writes_one_notebook(project: Project, notebook: Notebook) -> None:
    """The notebook appears whole and once: no cell of it can see it, and no draft is left."""
    notebook("once", OPEN, "print(sorted(os.listdir()))", CLOSE)
    execute(project, "once")
    path = folder(project, "once") / NOTEBOOK
    assert outputs(path)[0]["text"] == "['log.txt']\n"
    assert sorted(file.name for file in path.parent.iterdir()) == [NOTEBOOK]


def test_where_a_notebook_runs(project: Project, notebook: Notebook) -> None:
    """The caller's folder stays; modules beside a notebook can be imported; braces in paths are plain."""
    here = os.getcwd()
    write(project.root / "notebooks/test/beside.py", "ANSWER = 42\n")
    path = notebook("imports", OPEN, "from beside import ANSWER\nprint(ANSWER, os.getcwd())", CLOSE)
    path.rename(path.with_name("{imports}.ipynb"))
    write(project.root / "params/packs/imports.yaml", pack_text("test/{imports}"))
    done = execute(project, "imports")["company/test/{imports}"]
    assert done.error is None
    assert outputs(done.value)[0]["text"] == f"42 {done.task.folder}\n"
    assert os.getcwd() == here


def test_nothing_goes_home(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run installs no kernelspec and leaves no Jupyter or IPython file in the user's home."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert execute(project, "good")["company/test/good"].error is None
    assert list(home.iterdir()) == []


def test_values_arrive_as_they_were(project: Project, notebook: Notebook) -> None:
    """Text that looks like a number, a date or code stays the text it is."""
    odd = ["007", "2025-11-30", "=1+1", 'a"b\\c\nd', "${x} {y} 🔥", "'; import os"]
    parameters = 'project = "."\nperiod = ""\nscope = {}\nas_of = None\nodd = []\n'
    notebook(
        "odd",
        OPEN,
        "print(json.dumps(odd))",
        CLOSE,
        parameters=parameters,
        sections=[{"test/odd": {"odd": odd}}],
    )
    done = execute(project, "odd")["company/test/odd"]
    assert json.loads(outputs(done.value)[0]["text"]) == odd
