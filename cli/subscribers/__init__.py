"""`switchboard subscribers`: subscribers here and at Exotel, together."""
