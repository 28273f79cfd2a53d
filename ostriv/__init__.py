"""What Ostriv offers to those who build on it: the tests that a plugin must pass."""
