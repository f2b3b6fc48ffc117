"""The exemption for Exotel's unchanged sample apps, which send no session token (docs/decisions/0006)."""

from switchboard.runtime.log import logger


def stock_apps_allowed(setting: str) -> bool:
    """Return whether StockApps is `allow`; if so log a warning, because knowing a name is then enough to act for it."""
    allowed = setting == "allow"
    if allowed:
        logger.warning("StockApps=allow: requests without a session are accepted; for trials only")
    return allowed
