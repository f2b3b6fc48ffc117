"""Which quota binds first when calls come in bursts, and when phones would miss the ring time."""
