"""The root certificates of the push services: Python reads them before the first connection, and certifi has 120."""

import os
import ssl

import certifi


class RootCertificates:
    """Has `tls` trust the roots of Google and Apple, in PUSH_CA_BUNDLE; all of certifi's once a server has another."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        bundle = os.environ.get("PUSH_CA_BUNDLE", "")
        self._tls = tls
        self._all = not os.path.exists(bundle)  # the local stack has no layers in /opt
        tls.load_verify_locations(certifi.where() if self._all else bundle)

    def trust_all(self, fault: Exception) -> bool:
        """Trust certifi's if `fault` is a certificate that is not trusted; return whether a second try may succeed.

        Nothing has been sent by then, so no phone rings twice.
        """
        if self._all or "CERTIFICATE_VERIFY_FAILED" not in str(fault):
            return False
        self._tls.load_verify_locations(certifi.where())
        self._all = True
        return True
