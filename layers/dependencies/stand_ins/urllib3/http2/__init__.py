"""Changed: empty. urllib3's HTTP/2 support imports importlib.metadata, which is slow; AWS uses HTTP/1.1."""
