"""The page of the back-test: how often the rules would have told something, when, and what was false of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from reportkit.show import figures
from reportkit.show.blocks import about, alt, statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure

if TYPE_CHECKING:
    from reportkit.alerts.backtest import Backtest
    from reportkit.ledger import Judged

__all__ = ["alert_months", "alert_rules", "alert_tuning", "alert_verdict"]

_HEIGHT = 46.0
_SUMS = ("told", "days", "special")


def alert_verdict(found: Backtest) -> Display:
    """Say how many alerts there would have been, and how many of their days lay in promotions or holidays."""
    return Display("verdict", lambda pen: _draw_verdict(pen, found))


def _draw_verdict(pen: Pen, found: Backtest) -> Drawn:
    words, count = pen.words, pen.words.numbers.inline
    sums = {name: float(found.table[name].sum()) for name in _SUMS}
    sentence = words(
        "alerts.back_verdict", **{name: f"{value:,.0f}" for name, value in sums.items()},
        a_month=count(sums["told"] / len(found.months.columns), "count"), span=_span(pen, found),
    )  # fmt: skip
    marks = [pen.prove(found, found.figure(name)) for name in _SUMS]
    facts = [words("alerts.back_rules", rules=len(found.table), lacking=len(found.unevaluated))]
    return statement(pen, sentence, marks, [], facts)


def alert_months(found: Backtest, size: str = "full") -> Display:
    """Show how many alerts there would have been in each month."""
    return Display("figure", lambda pen: _draw_months(pen, found, size), size)


def _draw_months(pen: Pen, found: Backtest, size: str) -> Drawn:
    words, months = pen.words, _months(found)
    counts = [int(found.months[month].sum()) for month in months]
    most, place = max(counts), counts.index(max(counts))
    unit = words("alerts.back_unit")
    label = about(pen, words("alerts.back_label"), unit, _span(pen, found))
    marks = (figures.Mark(place, str(most)),) if most else ()
    panel = figures.Panel(label, [float(count) for count in counts], columns=True, marks=marks)
    ticks = [_month(pen, month, first=month == months[0]) for month in months]
    paper = figures.timeline(size, ticks, [panel], height=_HEIGHT)
    title = words(
        f"alerts.back_months{'' if most else '_none'}", month=_month(pen, months[place], first=True), most=most,
        quiet=counts.count(0), months=len(months), span=_span(pen, found),
    )  # fmt: skip
    items = [f"{_month(pen, month, first=True)} {count}" for month, count in zip(months, counts, strict=True)]
    proofs = [pen.prove(found, found.figure("told"))]
    return figure(pen, paper, title=title, alt=alt(pen, title, "days", items), marks=proofs)


def alert_rules(found: Backtest, size: str = "full") -> Display:
    """Show for each rule in which months it would have told something; rules that told nothing are named below."""
    return Display("table", lambda pen: _draw_rules(pen, found), size)


def _draw_rules(pen: Pen, found: Backtest) -> Drawn:
    words, months = pen.words, _months(found)
    told = {
        str(rule): list(map(int, row))
        for rule, row in zip(found.months.index, found.months.to_numpy(), strict=True)
    }
    loud = {rule: row for rule, row in told.items() if any(row)}
    if not loud:
        return Drawn("", words("alerts.back_rules_none"))
    rows = [
        figures.HeatRow(
            _name(pen, found, rule), tuple(map(float, row)), tuple(str(n) if n else "" for n in row)
        )
        for rule, row in loud.items()
    ]
    heads = [_month(pen, month, first=month == months[0], short=True) for month in months]
    body = figures.heat(words("alerts.back_rule"), heads, rows, low=0.0)
    top = max(loud, key=lambda rule: sum(loud[rule]))
    title = words(
        "alerts.back_rules_title",
        rule=_name(pen, found, top),
        count=sum(loud[top]),
        loud=len(loud),
        rules=len(told),
    )
    subtitle = words("alerts.back_rules_subtitle", span=_span(pen, found))
    html = fill(
        pen.project, "table.html", title=title, subtitle=subtitle, mark="", rest="",
        codes=pen.codes([pen.prove(found, found.figure("told"))]),
        body=Markup('<div class="dense">{}</div>').format(body),
    )  # fmt: skip
    return Drawn(html, title, words("table.alt", title=title, columns=words.list(heads)), subtitle)


def alert_tuning(found: Backtest, judged: Sequence[Judged], size: str = "full") -> Display:
    """List the rules with what they told, how much of it in promotions or holidays, and what was marked as false."""
    return Display("table", lambda pen: _draw_tuning(pen, found, {one.rule: one for one in judged}), size)


def _draw_tuning(pen: Pen, found: Backtest, judged: Mapping[str, Judged]) -> Drawn:
    words, table = pen.words, found.table
    heads = [
        words(f"alerts.back_{name}")
        for name in ("rule", "when", "told", "days", "special", "seen", "judged", "false", "precision")
    ]
    rows = [
        [_name(pen, found, str(rule)), words(f"alerts.back_on_{found.judged_on(str(rule))}"), *(f"{count:,}" for count in row),
         *_verdicts(pen, judged.get(str(rule)))]
        for rule, row in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]  # fmt: skip
    wrong, known = (sum(getattr(one, name) for one in judged.values()) for name in ("false", "judged"))
    title = words(
        f"alerts.back_tuning{'' if known else '_unjudged'}", wrong=wrong, judged=known,
        precision=words.numbers.rate(1 - wrong / known) if known else "", silent=int((table["told"] == 0).sum()),
    )  # fmt: skip
    lacking = words.list([_name(pen, found, rule) for rule in found.unevaluated])
    rest = words("alerts.back_rest", lacking=lacking)
    marks = [pen.prove(found, found.figure(name)) for name in _SUMS]
    return listed(pen, title, Listing(heads, rows, numbers=range(2, len(heads))), marks=marks, rest=rest)


def _verdicts(pen: Pen, one: Judged | None) -> list[str]:
    if one is None:
        return [MISSING] * 4
    return [str(one.told), str(one.judged), str(one.false), pen.words.numbers.rate(one.precision)]


def _months(found: Backtest) -> list[date]:
    months: list[Any] = list(found.months.columns)
    return months


def _name(pen: Pen, found: Backtest, rule: str) -> str:
    return pen.words("alerts.back_name", id=rule, name=found.book.rules[rule].name.name(pen.words.lang))


def _span(pen: Pen, found: Backtest) -> str:
    days = found.period.start, found.period.end
    first, last = (
        pen.words("dates.full_day", d=day, month=pen.words(f"dates.month_{day.month}")) for day in days
    )
    return f"{first}–{last}"


def _month(pen: Pen, month: date, *, first: bool, short: bool = False) -> str:
    """Return a month; with its year where it is the `first` of a row, or January."""
    key = "alerts.back_month" + ("_year" if first or month.month == 1 else "") + ("_short" if short else "")
    return pen.words(
        key, d=month, name=pen.words(f"dates.month_{month.month}"), year=f"{month.year % 100:02}"
    )
