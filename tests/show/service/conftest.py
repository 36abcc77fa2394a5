"""The merchant whose every refund is known, one in English, and one of a single month and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import service
from reportkit.show.display import Display, Drawn
from tests.study.merchant import merchant
from tests.study.returning import returning

_CARDS = (
    "refund_amount.refund_date refund_rate_final quality_refund_rate.pay_date aftersale_hours aftersale_hours_p90 "
    "aftersale_close_rate csat_index intervene_rate aftersale_cost.refund_date"
)
_DAYS = "refund_final refund_rate_final refund_maturity refund_amount.pay_date refund_rate_amt.pay_date"


@pytest.fixture(scope="package")
def known(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two platforms with everything."""
    return returning(tmp_path_factory.mktemp("returning") / "shop")


@pytest.fixture(scope="package")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two platforms with the orders of one month."""
    return merchant(tmp_path_factory.mktemp("plain") / "shop", ("tmall", "xiaohongshu"), plain=True)


@pytest.fixture(scope="package")
def quiet() -> Callable[..., Report]:
    """Open a report that publishes nothing while it opens."""
    from reportkit import report as module

    def opened(project: Project, **options: object) -> Report:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_publish", lambda content, html="": None)
            return module.open_report(project.root, "2025-09", **options)  # type: ignore[arg-type]

    return opened


@pytest.fixture(scope="package")
def page() -> Callable[[Report], dict[str, Drawn]]:
    """Draw every display of the page as the notebook asks for it, in its order."""
    return lambda report: {name: display.draw(report._pen) for name, display in _displays(report).items()}


def _displays(report: Report) -> dict[str, Display]:
    study, ask = report.study, report.metrics
    care = ask(_CARDS, compare="previous last_year target")
    reasons = ask("refund_amount.refund_date refund_count.refund_date", by="reason", compare="previous")
    return {
        "verdict": service.verdict(study),
        "cards": service.cards(care, study, ask(care.requests, by="day", period=report.recent)),
        "trend": service.trend(ask(_DAYS, by="day", period=report.recent), study),
        "finals": service.finals(study),
        "curves": service.curves(study),
        "weights": service.weights(study),
        "reasons": service.reasons(reasons, study, "refund_amount.refund_date"),
        "counts": service.reasons(reasons, study, "refund_count.refund_date", size="right"),
        "across": service.across(ask("refund_amount.refund_date", by=[report.split, "reason"])),
        "products": service.products(ask("refund_amount.refund_date", by=["style", "reason"]), study),
        "hours": service.hours(study),
        "weeks": service.weeks(study),
        "backlog": service.backlog(study),
        "stages": service.stages(ask("refund_amount.refund_date", by=[report.split, "stage"])),
        "scores": service.scores(study),
        "topics": service.topics(ask("reviews_bad", by="topic"), study),
        "faults": service.faults(study),
        "service": service.tasks(study, "service"),
        "quality": service.tasks(study, "quality"),
        "logistics": service.tasks(study, "logistics"),
    }
