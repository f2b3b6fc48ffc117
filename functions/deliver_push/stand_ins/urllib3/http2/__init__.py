"""Changed: empty. urllib3's HTTP/2 support imports importlib.metadata, which is slow; pyfcm uses HTTP/1.1."""
