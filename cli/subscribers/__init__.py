"""`switchboard subscribers`: Exotel's subscribers and ours, together."""
