"""Running a handler as Lambda does, ours or another: its code, its environment, a process, its instructions."""
