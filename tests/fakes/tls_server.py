"""A server of raw TLS, in which a test says what each connection hears."""

import socket
import ssl
import threading
from pathlib import Path


class TlsServer:
    """Accepts connections until it is closed; each has a thread of its own, in which `talk` runs."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def talk(self, secure: ssl.SSLSocket) -> None:
        """Answer what comes on a connection; it is closed afterwards."""
        raise NotImplementedError

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        try:
            with peer, self._context.wrap_socket(peer, server_side=True) as secure:
                self.talk(secure)
        except OSError:
            return
