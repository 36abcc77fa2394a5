"""Runs: a pack and a period become executed notebooks, reports, and a manifest that explains them."""

from reportkit.run.plan import Plan, plan
from reportkit.run.result import Outcome, Progress, Report, RunResult
from reportkit.run.run import run_pack
from reportkit.run.trace import TraceResult, trace

__all__ = ["Outcome", "Plan", "Progress", "Report", "RunResult", "TraceResult", "plan", "run_pack", "trace"]
