"""The page for Exotel's support: the call, its times, the phones, the SDKs' events and the findings.

One HTML file that needs nothing else, for screens and for paper. No token, payload or password is in it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from html import escape

from cli import time_formats
from cli.why.diagnosis.case import Party, Severity
from cli.why.explanation import CallExplanation, Step
from switchboard.timeline.event import Kind

_SDK = (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR, Kind.PUSH_ACKNOWLEDGED)
_LEFT_OUT = ("recording_url",)  # anybody with the URL can hear the recording
_STYLE = """
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1c2430; background: #fff }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .3rem 0 } .lead { font-size: 1.05rem; margin-top: .6rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #dde2e8 }
th { font-weight: 600; white-space: nowrap } td { overflow-wrap: anywhere }
.events th { width: 13rem } .mono { font-family: ui-monospace, monospace; font-size: .85rem; white-space: nowrap }
.finding { border-left: 4px solid #b8860b; padding: .1rem .8rem; margin: .8rem 0; break-inside: avoid }
.problem { border-color: #b3261e } .finding b { display: block }
thead { display: table-header-group } tr { break-inside: avoid }
@page { margin: 15mm } @media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt } }
"""


def page(call: CallExplanation) -> str:
    """Return the page."""
    title = f"Call {call.summary.call_sid or call.id}"
    parts = (
        f"<h1>{escape(title)}</h1><p class=lead>{escape(call.verdict)}</p>",
        _section("Call", _events(call)),
        _section("Findings", _findings(call)),
        _section("Devices of the callee", _devices(call.case.callee)),
        _section("What the SDK and the apps reported", _timeline([s for s in _steps(call) if s.event.kind in _SDK])),
        _section("Whole timeline", _timeline(_steps(call))),
    )
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    return f"{head}<body>{''.join(parts)}</body></html>\n"


def _steps(call: CallExplanation) -> Sequence[Step]:
    """Return the call's steps, and the apps' events near it."""
    steps = list(call.steps)
    first = steps[0].event.at if steps else 0
    around = [Step(event, event.at - first) for event in call.case.around]
    return sorted([*steps, *around], key=lambda step: step.event.at)


def _events(call: CallExplanation) -> str:
    summary = call.summary
    times = (("Started", summary.started_at), ("Rang", summary.rang_at), ("Answered", summary.answered_at))
    rows = [
        ("Exotel account", call.account),
        ("CallSid", summary.call_sid or "not known"),
        ("SDK sessionId", ", ".join(summary.session_ids) or "not reported by the apps"),
        ("Push", ", ".join(summary.push_ids) or "none"),
        ("Caller, callee", f"{summary.caller or 'not known'}, {summary.callee or 'not known'}"),
        *(
            (name, f"{time_formats.ist(at)} ({time_formats.utc(at)})")
            for name, at in (*times, ("Ended", summary.ended_at))
            if at
        ),
        ("Outcome", str(summary.outcome or "not known")),
        ("End reason", summary.end_reason or "not reported"),
    ]
    cells = (f"<tr><th>{escape(name)}<td>{escape(value)}" for name, value in rows)
    return f"<table class=events>{''.join(cells)}</table>"


def _findings(call: CallExplanation) -> str:
    if not call.findings:
        return "<p>None.</p>"
    return "".join(
        f"<div class='finding {'problem' if found.severity is Severity.PROBLEM else 'note'}'>"
        f"<b>{'Fixed since: ' if found.severity is Severity.HISTORY else ''}{escape(found.what)}</b>"
        f"<p>{escape(found.evidence)}</p></div>"
        for found in call.findings
    )


def _devices(party: Party | None) -> str:
    if party is None or not party.devices:
        return "<p>None is registered now.</p>"
    rows = (
        (
            device.key[:12],
            device.platform or "not reported",
            device.token_type,
            device.device_id or "not reported",
            time_formats.ist(device.registered_at),
            party.callee.disabled(device) or "in use",
        )
        for device in party.devices
    )
    return _table(("Phone", "Platform", "Push service", "Device id", "Registered (IST)", "State"), rows)


def _timeline(steps: Sequence[Step]) -> str:
    if not steps:
        return "<p>Nothing.</p>"
    rows = (
        (
            time_formats.ist(step.event.at).removesuffix(" IST"),
            time_formats.of_day(step.event.at, UTC),
            f"{step.after} ms",
            step.event.kind,
            step.event.subscriber or "",
            ", ".join(f"{name} {value}" for name, value in step.details.items() if name not in _LEFT_OUT),
        )
        for step in steps
    )
    return _table(("IST", "UTC", "After", "What", "Whose", "Details"), rows)


def _table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(name)}" for name in names)
    body = "".join(f"<tr>{_cells(row)}" for row in rows)
    return f"<table><thead><tr>{head}</thead><tbody>{body}</tbody></table>"


def _cells(row: Iterable[str]) -> str:
    """Return a row's cells, all but the last in one line each."""
    *short, last = row
    return "".join(f"<td class=mono>{escape(cell)}" for cell in short) + f"<td>{escape(last)}"


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>{content}"
