"""What the read side answers, whoever asks: plain functions of a query, without a request. They raise DRF's errors."""
