"""What the tests share: servers, whole installations, a browser and a way to wait."""
