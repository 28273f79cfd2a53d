"""The screens of webhooks: endpoints, and the log of what was sent to them."""
