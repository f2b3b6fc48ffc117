"""What several functions put together in the same way; only functions import it, and each module is light."""
