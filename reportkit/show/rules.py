"""``params/show.yaml``: when a display says something, and how much it shows."""

from __future__ import annotations

from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Rules"]


class Rules(Strict):
    """Thresholds of what is shown. Shares are fractions, days are days."""

    recent_days: int
    open_refund_days: int
    open_refund_share: float
    parts_shown: int
    parts_named: int
    regions_shown: int
    ad_lines_shown: int
    influencers_shown: int
    table_rows: int
    peak_days: int
    peak_share: float
    target_good: float
    target_watch: float
    cards_shown: int
    notes_shown: int
    names_listed: int
    alarms_shown: dict[str, int]
    advice_shown: dict[str, int]
    quality_rows: dict[str, int]
    split_by: tuple[str, ...]
    money: tuple[str, ...]

    @classmethod
    def read(cls, project: Project) -> Rules:
        """Read the rules of `project`."""
        path = project.resource("params/show.yaml")
        return load_model(cls, read_yaml(path), str(path))
