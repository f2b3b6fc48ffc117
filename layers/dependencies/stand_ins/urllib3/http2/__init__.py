"""Changed: empty, in place of what lets urllib3 speak HTTP/2, which needs importlib.metadata; AWS speaks HTTP/1.1."""
