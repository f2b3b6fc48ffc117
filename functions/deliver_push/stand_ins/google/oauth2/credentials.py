"""Not google-auth's: one name, which pyfcm has in an annotation."""


class Credentials:
    """What pyfcm is given in its place is pushes/google_oauth.py's ServiceAccountTokens."""
