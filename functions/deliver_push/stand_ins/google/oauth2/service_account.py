"""Not google-auth's: empty. pyfcm imports it for key files; pushes/google_oauth.py fetches the tokens."""
