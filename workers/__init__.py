"""Workers: thin Celery tasks, the outbox and the schedule. The only room that enqueues."""
