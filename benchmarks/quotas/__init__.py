"""Which quota is reached first in bursts of calls, and when phones would ring too late."""
