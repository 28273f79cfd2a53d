from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"
    label = "workers"

    def ready(self) -> None:
        from cms.content.outbox import outbox_written
        from workers import app, wake  # noqa: F401  (every process that enqueues needs the application)

        outbox_written.connect(wake.on_outbox_written, dispatch_uid="workers.wake")
