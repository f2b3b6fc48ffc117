"""The exemption for Exotel's unchanged sample apps, which send no session of ours (docs/decisions/0006)."""

from switchboard.runtime.log import logger


def stock_apps_allowed(setting: str) -> bool:
    """Return whether StockApps is `allow`, and warn of it: such a deployment trusts whoever knows a name."""
    allowed = setting == "allow"
    if allowed:
        logger.warning("StockApps=allow: requests without a session are let in; for trials only")
    return allowed
