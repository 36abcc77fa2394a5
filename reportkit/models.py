"""Typed models of what a project says of itself: project.yaml, platforms.yaml, systems.yaml, policy.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Health", "Limits", "Maturity", "Platform", "Policy", "Settings", "Strict", "Usual"]


class Strict(BaseModel):
    """A model of a YAML file: unknown keys are refused with a suggestion."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(Strict):
    """``params/project.yaml``.

    `platforms` are those the merchant sells on; empty: those it has files of. `ledger` is a file, or the address
    of a database as SQLAlchemy writes it.
    """

    name: str
    lang: Literal["zh", "en"] = "zh"
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    timezone: str = "Asia/Shanghai"
    inbox: str = "data/inbox"
    lake: str = "data/lake"
    ledger: str = "data/ledger.sqlite"
    runs: str = "runs"
    theme: Literal["neutral", "cn_red_up", "intl_green_up"] = "neutral"
    platforms: tuple[str, ...] = ()


class Named(Strict):
    """What has a name in both languages; one entry of ``params/systems.yaml``."""

    zh: str
    en: str

    def name(self, lang: str) -> str:
        """Return the name in `lang`, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class Platform(Named):
    """One entry of ``params/platforms.yaml``."""

    color: str = Field(default="#7b8794", pattern=r"^#[0-9a-f]{6}$")
    visitor_def: Literal["shop_uv", "item_uv", "click_users"] = "shop_uv"


class Limits(Strict):
    """What the data may lack before a report says so first. Shares are fractions.

    `coverage`: least share of days with data; the others are the most that is borne: refused rows of
    all rows, a platform's unexplained money of its own figure, orders whose settlement does not
    match, sales of products nobody mapped. `costed`: least share of sales whose cost is known for a
    page to speak of what is left after costs.
    """

    coverage: float
    refused: float
    unexplained: float
    unmatched: float
    unmapped: float
    costed: float


class Maturity(Strict):
    """How refunds are projected to their end, and what a projection is called.

    Refunds count as final at an age of `last_age` days; payments of the last `history_days` tell how they get
    there. `curve_cohorts` and `curve_orders` are the fewest mature days, and orders in them, that make a curve.
    The usual rate is that of `prior_days` mature ordinary days, of no fewer than `prior_orders` orders.
    A day's own refunds are trusted from a visible share of `blend` [low, high] on, and from `blend_orders`
    orders. Days of `promo_phases` have a curve and a rate of their own. `badges` are the cuts between initial,
    indicative, nearly mature and mature. An interval holds the share `interval` of `draws` draws, in blocks of
    `block_days`; with fewer than `interval_cohorts` mature days it is the rate ± `interval_floor`.
    """

    last_age: int = Field(ge=1)
    history_days: int
    curve_cohorts: int = Field(ge=1)
    curve_orders: int
    prior_days: int
    prior_orders: int
    blend: tuple[float, float]
    blend_orders: int
    promo_phases: tuple[str, ...]
    badges: tuple[float, float, float]
    interval: float
    interval_cohorts: int = Field(ge=1)
    interval_floor: float
    draws: int
    block_days: int


class Health(Strict):
    """When a domain of the business is good, and when still to be watched: two cuts a rule, [good, watch].

    `attainment` of the target (of its pace while the period runs); `growth` of what has no target; `breakeven`:
    net ROI as a multiple of the break-even; `stockout`: SKU-days out of stock, of all.
    """

    attainment: tuple[float, float]
    growth: tuple[float, float]
    breakeven: tuple[float, float]
    stockout: tuple[float, float]


class Usual(Strict):
    """What a day usually brings: from `weeks` weeks, of a weekday with `least` days (see analysis.usual).

    The level is that of the last `level_days`; the band is `width` standard deviations to either side, of `floor`
    (relative) at least. A run of `run_days` days beyond it is told.
    """

    weeks: int
    least: int
    level_days: int
    floor: float
    width: float
    run_days: int


class Policy(Strict):
    """``params/policy.yaml``: thresholds that every metric and sentence shares."""

    closed_days: dict[str, int]
    edge_days: int
    flat: float
    slight: float
    clear: float
    rate_flat: float
    rate_slight: float
    rate_clear: float
    min_n: int
    limits: Limits
    maturity: Maturity
    health: Health
    usual: Usual
