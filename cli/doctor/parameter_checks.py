"""Checks that a stack's parameters are safe, and match this version's template."""

from collections.abc import Iterator, Mapping

from cli.doctor.findings import Finding, fine, note, problem
from cli.doctor.template_parameters import defaults


def parameters(given: Mapping[str, str]) -> Iterator[Finding]:
    """Check the parameters that a stack was deployed with; `given` is {} if there were none."""
    if not given:
        return
    if given.get("StockApps") == "allow":
        yield stock_apps(given)
    if not given.get("AlarmEmail"):
        yield note("stack", "AlarmEmail", "alarms notify nobody", "Deploy with AlarmEmail=you@example.com.")
    wanted = defaults()
    differing = [f"{name}={value}" for name, value in sorted(given.items()) if value != wanted.get(name, value)]
    yield fine("stack", "parameters", ", ".join(differing) or "all have the template's defaults")
    if other := sorted(wanted.keys() ^ given.keys()):
        seen = f"deployed from another template: {', '.join(other)} are not in both"
        yield note(
            "stack", "template", seen, "`make deploy`; an update with the previous template changes nothing here."
        )


def stock_apps(given: Mapping[str, str]) -> Finding:
    """Return the finding for StockApps=allow."""
    seen, fix = "requests without a session are accepted", "Deploy with StockApps=deny before real users come."
    if given.get("Production") == "yes":  # possible only with an older template
        return problem("stack", "StockApps", seen, fix)
    return note("stack", "StockApps", f"{seen}; an update keeps the value unless another is given", fix)
