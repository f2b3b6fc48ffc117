"""The rules of calls, subscribers and pushes: pure, standard library only."""
