"""AWS for the functions under measurement: a process of its own, behind TLS."""
