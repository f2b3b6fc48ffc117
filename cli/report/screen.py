"""A period's figures as tables and as JSON."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.report.figures import Figures, percentile
from cli.report.period import Period

PERCENTILES = (50, 95, 99)
PERCENTILES_OF_ACKS = (50, 95)


def as_json(account: str, period: Period, figures: Figures) -> Mapping[str, Any]:
    """Return the figures for programs."""
    latencies, average = figures.all_latencies, figures.average_rating
    return {
        "account": account,
        "since": period.since.isoformat(timespec="seconds"),
        "until": period.until.isoformat(timespec="seconds"),
        "calls": {"total": sum(figures.outcomes.values()), **figures.outcomes},
        "ratings": {
            "total": figures.ratings.total(),
            "average": None if average is None else round(average, 2),
            **{str(stars): figures.ratings[stars] for stars in range(5, 0, -1)},
        },
        "issues": dict(figures.issues.most_common()),
        "delivery": {
            "accepted": len(latencies),
            **{f"p{percent}_ms": percentile(latencies, percent) for percent in PERCENTILES},
        },
        "acknowledged": {
            platform: {
                "pushes": len(took),
                **{f"p{percent}_ms": percentile(took, percent) for percent in PERCENTILES_OF_ACKS},
            }
            for platform, took in sorted(figures.acks.items())
        },
        "failures": dict(figures.failures.most_common()),
    }


def print_report(console: Console, found: Mapping[str, Any], period: Period) -> None:
    """Print the figures for people."""
    console.print(f"Account {found['account']}, {period}", highlight=False)
    for title, part in (("calls", found["calls"]), ("ratings", found["ratings"]), ("delivery", found["delivery"])):
        table = Table(title=title, title_justify="left")
        for name in part:
            table.add_column(name.replace("_", " "), justify="right")
        table.add_row(*("-" if value is None else str(value) for value in part.values()))
        console.print(table)
    if found["acknowledged"]:
        table = Table("push to ack", *found["acknowledged"], title="by platform", title_justify="left")
        for name in next(iter(found["acknowledged"].values())):
            table.add_row(name.replace("_", " "), *(str(one[name]) for one in found["acknowledged"].values()))
        console.print(table)
    _print_google(console, found["google"])
    for title, counted in (("issues", found["issues"]), ("failures", found["failures"])):
        table = Table(title, "number")
        for what, number in counted.items():
            table.add_row(escape(what), str(number))
        if counted:
            console.print(table)


def _print_google(console: Console, google: Mapping[str, Any] | None) -> None:
    if google and "unavailable" in google:
        console.print(
            f"Google's delivery reports: {google['unavailable']}", highlight=False, soft_wrap=True, markup=False
        )
    elif google and google["labels"]:
        names = [name.replace("_", " ") for name in next(iter(google["labels"].values()))]
        titles = ["on Android", *names[:1], *(f"{name} %" for name in names[1:])]
        table = Table(*titles, title="Google's delivery reports", title_justify="left")
        for label, shown in google["labels"].items():
            table.add_row(escape(label), *("-" if value is None else str(value) for value in shown.values()))
        console.print(table)
    elif google:
        console.print("Google's delivery reports: none for these days; they come a day late", highlight=False)
