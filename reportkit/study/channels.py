"""Where visitors come from, and which advertising buys clicks that hardly buy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.beside import Expected, expected_beside
from reportkit.engines import quoted
from reportkit.metrics.compile import column_of
from reportkit.metrics.periods import Period
from reportkit.quality.figure import Figure, Unit

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study.study import Study

__all__ = [
    "AdLine", "Channels", "ad_lines", "channels", "expected_channel", "losing_lines", "read_channels",
]  # fmt: skip

_SOURCES = ("channel", "carrier")
_SUMS = ["visitors", "pay_buyers", "amount"]
_AD_DIMENSIONS = ("product_line", "account", "campaign")
_ADS = ["ad_spend", "ad_clicks", "cpc", "attr_gmv", "roas_attr"]


@dataclass(frozen=True)
class Channels:
    """Visitors by channel as the platforms tell them, now and in the period `against` stands for.

    `frame` has one row a platform and channel: platform, channel, visitors, pay_buyers, amount (the platform's
    own sales), `visitors_then` …, `share` and `share_then` of the platform's channels together (one visitor may
    have come by two). `rows_sql` is the SELECT of the rows of the period.
    """

    frame: pd.DataFrame
    against: str | None
    rows_sql: str

    def of(self, platform: str) -> pd.DataFrame:
        """Return one platform's channels, the largest first."""
        return self.frame[self.frame["platform"] == platform]

    @property
    def platforms(self) -> list[str]:
        """The platforms that tell their channels."""
        return list(dict.fromkeys(self.frame["platform"]))

    def figure(self, platform: str, channel: str, column: str = "visitors") -> Figure:
        """Return one number of one channel with the rows behind it."""
        row = self.frame[(self.frame["platform"] == platform) & (self.frame["channel"] == channel)].iloc[0]
        unit: Unit = (
            "percent" if column.startswith("share") else "money" if column.startswith("amount") else "count"
        )
        sql = f"SELECT * FROM ({self.rows_sql}) WHERE platform_id = {quoted(platform)} AND source = {quoted(channel)}"
        dims = {"platform": platform, "channel": channel}
        return Figure(f"channel.{column}", float(row[column]), unit, dims, {"traffic": sql})


@dataclass(frozen=True)
class AdLine:
    """One line of a platform's advertising: an account, a product line or a campaign.

    `cheap`: it buys clicks far below the price of the platform's other lines, and sells far less for its money.
    `others_cpc` and `others_roas` are what those others come to together; money a click, a ratio.
    """

    platform: str
    dimension: str
    value: str
    spend: float
    clicks: float
    cpc: float
    roas: float | None
    others_cpc: float
    others_roas: float
    cheap: bool
    result: Result


def channels(study: Study) -> Channels:
    """Return the channels of the period beside those of last year, else of the period before."""
    now, sql = read_channels(study, study.period)
    rank = {platform: place for place, platform in enumerate(study.metrics.platforms)}
    others = {"last_year": study.period.last_year(), "previous": study.period.previous()}
    for against, period in others.items():
        then = read_channels(study, period)[0] if period else now.iloc[:0]
        if set(then["platform"]) & set(now["platform"]):
            return Channels(_ranked(_beside(now, then), rank), against, sql)
    return Channels(_ranked(_beside(now, now.iloc[:0]), rank), None, sql)


def _ranked(frame: pd.DataFrame, rank: Mapping[str, int]) -> pd.DataFrame:
    """Return platforms in the order reports list them, the channels of each from the largest down."""
    order = frame.assign(place=frame["platform"].map(rank)).sort_values(
        ["place", "share"], ascending=[True, False]
    )
    return order.drop(columns="place").reset_index(drop=True)


def read_channels(study: Study, period: Period) -> tuple[pd.DataFrame, str]:
    """Return platform, channel and sums of the rows that lie within `period`, and the SELECT of those rows.

    Of rows by day and by month that tell the same twice the grain that covers more days counts. A platform
    without channels is told by its carriers.
    """
    return _read(study, [period])[0], _rows_sql(study, period.start, period.end)


def _read(study: Study, periods: Sequence[Period]) -> list[pd.DataFrame]:
    """Return what `read_channels` does of each period, by one statement."""
    sql = _rows_sql(study, min(period.start for period in periods), max(period.end for period in periods))
    asked = ", ".join(
        f"({place}, DATE '{period.start}', DATE '{period.end}')" for place, period in enumerate(periods)
    )
    found = study.metrics.engine.frame(
        f"""SELECT place, platform_id AS platform, by_what, period_grain AS grain, source AS channel,
              CAST(sum(visitors) AS DOUBLE) AS visitors, CAST(sum(pay_buyers) AS DOUBLE) AS pay_buyers,
              CAST(sum(pay_amt_platform) AS DOUBLE) AS amount,
              sum(date_diff('day', date_from, date_to) + 1) AS days
            FROM ({sql}) JOIN (VALUES {asked}) AS asked (place, first_day, last_day)
              ON date_from >= first_day AND date_to <= last_day
            GROUP BY ALL ORDER BY ALL"""
    )
    return [_told(found[found["place"] == place]) for place in range(len(periods))]


def _told(found: pd.DataFrame) -> pd.DataFrame:
    kept = [_one_telling(part) for _, part in found.groupby("platform", sort=False)]
    frame = pd.concat(kept) if kept else found
    return frame.sort_values(["platform", "visitors"], ascending=[True, False])[
        ["platform", "channel", *_SUMS]
    ]


def _one_telling(rows: pd.DataFrame) -> pd.DataFrame:
    by_channel = rows[rows["by_what"] == _SOURCES[0]]
    rows = rows if by_channel.empty else by_channel
    return rows[rows["grain"] == rows.groupby("grain")["days"].max().idxmax()]


def _rows_sql(study: Study, first: date, last: date) -> str:
    end = min(last, study.as_of)
    conditions = [
        "scope = 'shop'", "session_id IS NULL", "spu_id IS NULL", "coalesce(channel, carrier) IS NOT NULL",
        "(channel IS NULL OR carrier IS NULL)",
        f"date_from >= DATE '{first.isoformat()}'", f"date_to <= DATE '{end.isoformat()}'",
    ]  # fmt: skip
    for dimension, values in study.scope.items():
        column = column_of(dimension) if dimension in ("platform", "shop") else None
        conditions.append(f"{column} IN ({', '.join(map(quoted, values))})" if column else "false")
    return (
        "SELECT *, coalesce(channel, carrier) AS source, "
        "CASE WHEN channel IS NULL THEN 'carrier' ELSE 'channel' END AS by_what "
        f"FROM traffic WHERE {' AND '.join(conditions)}"
    )


def _beside(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    both = now.merge(then, on=["platform", "channel"], how="outer", suffixes=("", "_then"))
    for side in ("", "_then"):
        column = f"visitors{side}"
        total = both.groupby("platform")[column].transform("sum", min_count=1)
        both[f"share{side}"] = both[column].fillna(0.0).where(total > 0) / total
    return both[both["platform"].isin(now["platform"])].reset_index(drop=True)


def expected_channel(study: Study, platform: str, channel: str, column: str = "amount") -> Expected | None:
    """Return what a channel would have brought beside the platform's other channels, as in the periods before."""
    rules = study.rules.change
    periods = [study.period]
    while len(periods) <= rules.history and (before := periods[-1].previous()):
        periods.append(before)
    now, *history = [_against_rest(frame, platform, channel, column) for frame in _read(study, periods)]
    past = pd.DataFrame(history, columns=["part", "rest"])
    return expected_beside(past["part"], past["rest"], now[1], level=rules.level)


def _against_rest(frame: pd.DataFrame, platform: str, channel: str, column: str) -> tuple[float, float]:
    mine = frame[frame["platform"] == platform].set_index("channel")[column]
    part = float(mine.get(channel, 0.0))
    return part, float(mine.sum()) - part


def ad_lines(study: Study) -> tuple[AdLine, ...]:
    """Return the lines of each platform's advertising, the cheap ones first, then by spend."""
    found: dict[str, list[AdLine]] = {}
    for dimension in _AD_DIMENSIONS:
        result = study.ask(_ADS, by=["platform", dimension])
        for platform, rows in _wide(result, dimension).groupby("platform_id", sort=False):
            if len(rows) > 1:
                found.setdefault(str(platform), _lines(study, str(platform), dimension, rows, result))
    every = [line for lines in found.values() for line in lines]
    return tuple(sorted(every, key=lambda line: (not line.cheap, -line.spend)))


def losing_lines(study: Study, evens: pd.Series, spend: float) -> Iterator[tuple[AdLine, float, float]]:
    """Yield the cheap lines that cost more than what they sell leaves: their return and its break-even, ratios.

    `evens` are the break-evens of platforms; a line has `spend` money a day at least.
    """
    days = (study.last - study.period.start).days + 1
    for line in study.ad_lines:
        even = float(evens.get(line.platform, float("nan")))
        if line.cheap and line.spend >= spend * days and line.roas is not None and line.roas < even:
            yield line, line.roas, even


def _wide(result: Result, dimension: str) -> pd.DataFrame:
    frame = result.wide()
    named = frame[dimension].astype(str) != "unknown"
    return frame[named & (frame["ad_spend"] > 0) & (frame["ad_clicks"] > 0)]


def _lines(study: Study, platform: str, dimension: str, rows: pd.DataFrame, result: Result) -> list[AdLine]:
    rules = study.rules.traffic
    total = rows[["ad_spend", "ad_clicks", "attr_gmv"]].sum()
    rest = total - rows[["ad_spend", "ad_clicks", "attr_gmv"]]
    rows = rows.assign(
        others_cpc=rest["ad_spend"] / rest["ad_clicks"], others_roas=rest["attr_gmv"] / rest["ad_spend"]
    )
    cheap = (
        (rows["ad_spend"] >= rules.cheap_share * total["ad_spend"])
        & (rows["cpc"] <= rules.cheap_price * rows["others_cpc"])
        & (rows["roas_attr"] <= rules.cheap_return * rows["others_roas"])
    )
    return [
        AdLine(
            platform, dimension, str(row[dimension]), float(row["ad_spend"]), float(row["ad_clicks"]),
            float(row["cpc"]), None if pd.isna(row["roas_attr"]) else float(row["roas_attr"]),
            float(row["others_cpc"]), float(row["others_roas"]), bool(flag), result,
        )
        for (_, row), flag in zip(rows.iterrows(), cheap, strict=True)
    ]  # fmt: skip
