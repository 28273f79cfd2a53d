"""Tasks, one module a queue. Each is thin: it calls a service and may run twice."""
