"""Views: each reads its parameters, asks the read side, and answers."""
