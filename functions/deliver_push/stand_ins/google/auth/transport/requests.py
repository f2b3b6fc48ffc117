"""Not google-auth's: empty. pyfcm imports it for a request that pushes/fcm_client.py replaces."""
