"""A period's figures as a picture, in Okabe and Ito's colours, which colour-blind readers can distinguish."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cli.errors import OperatorError
from cli.report.figures import OUTCOMES, Figures, percentile
from cli.report.period import Period

GREEN, ORANGE, BLUE, RED, GREY = "#009E73", "#E69F00", "#0072B2", "#D55E00", "#999999"
_OF_OUTCOMES = dict(zip(OUTCOMES, (GREEN, ORANGE, BLUE, RED, GREY), strict=True))
_HATCHES = dict(zip(OUTCOMES, ("", "//", "..", "xx", ""), strict=True))  # for print in black and white
_LINES = ((50, BLUE, "o", "-"), (95, ORANGE, "s", "--"), (99, RED, "^", ":"))
_MOST_FAILURES = 8
_MOST_DATES = 10


def draw(path: Path, account: str, period: Period, figures: Figures) -> None:
    """Write the picture as a PNG. Raises OperatorError where the file cannot be written."""
    figure = Figure(figsize=(12, 10), layout="constrained")
    figure.suptitle(f"Calls of account {account}\n{period}", fontsize=14)
    grid = figure.add_gridspec(4, 1)
    # each row has its own margins, so that one long label does not indent all rows
    calls, latency, said, failures = (figure.add_subfigure(grid[row, 0]) for row in range(4))
    _calls(calls.subplots(), _days(period), figures)
    _latency(latency.subplots(), _days(period), figures)
    ratings, issues = said.subplots(1, 2)
    _ratings(ratings, figures)
    _across(issues, "Issues that users reported", figures.issues.most_common(), GREEN)
    _across(failures.subplots(), "Most frequent failures", figures.failures.most_common(_MOST_FAILURES), RED)
    try:
        figure.savefig(path, format="png", dpi=120)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}") from error


def _calls(axes: Axes, days: Sequence[date], figures: Figures) -> None:
    places, below = range(len(days)), [0] * len(days)
    for outcome in OUTCOMES:
        numbers = [figures.calls[day][outcome] if day in figures.calls else 0 for day in days]
        axes.bar(
            places,
            numbers,
            bottom=below,
            label=f"{outcome} ({sum(numbers)})",
            color=_OF_OUTCOMES[outcome],
            hatch=_HATCHES[outcome],
            edgecolor="white",
        )
        below = [under + number for under, number in zip(below, numbers, strict=True)]
    axes.set(title="Calls by outcome", ylabel="calls a day")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    _by_day(axes, days)


def _latency(axes: Axes, days: Sequence[date], figures: Figures) -> None:
    for percent, colour, marker, line in _LINES:
        found = [(place, percentile(figures.latencies.get(day, ()), percent)) for place, day in enumerate(days)]
        known = [(place, value) for place, value in found if value is not None]
        whole = percentile(figures.all_latencies, percent)
        label = f"p{percent} ({'-' if whole is None else f'{whole} ms'})"
        axes.plot(*zip(*known, strict=True) if known else ([], []), color=colour, marker=marker, ls=line, label=label)
    axes.set(title="From Exotel's push to the push service", ylabel="ms", ylim=(0, None))
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    _by_day(axes, days)


def _ratings(axes: Axes, figures: Figures) -> None:
    stars, average = range(1, 6), figures.average_rating
    axes.bar_label(axes.bar([str(n) for n in stars], [figures.ratings[n] for n in stars], color=BLUE))
    title = "Ratings" if average is None else f"Ratings: {average:.2f} on average"
    axes.set(title=title, xlabel="rating (5 is excellent)", ylabel="ratings")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(y=0.15)


def _across(axes: Axes, title: str, counted: Sequence[tuple[str, int]], colour: str) -> None:
    if not counted:
        axes.text(0.5, 0.5, "none", ha="center", va="center", transform=axes.transAxes)
        axes.set_yticks([])
    names = [what if len(what) <= 60 else f"{what[:59]}…" for what, _ in counted]
    places = range(len(counted))
    axes.bar_label(axes.barh(places, [number for _, number in counted], color=colour), padding=3)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set(title=title, xlabel="times")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.15)


def _by_day(axes: Axes, days: Sequence[date]) -> None:
    step = ceil(len(days) / _MOST_DATES)
    axes.set_xticks(range(0, len(days), step), [f"{day:%d %b}" for day in days[::step]])
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _days(period: Period) -> Sequence[date]:
    first = period.since.date()
    return [first + timedelta(days=n) for n in range((period.until.date() - first).days + 1)]
