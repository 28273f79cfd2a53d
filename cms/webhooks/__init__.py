"""Webhooks: what became public or was taken away is told to the addresses that asked for it, signed and in order."""
