import gc

from django.apps import AppConfig


class LoadedConfig(AppConfig):
    """Stands last among the applications: when it is ready, everything is loaded.

    The settings switch the garbage collector off, for a fifth of the time of a start went into looking at modules and
    classes that all stay. From here on it collects again, and leaves alone what was loaded until now.
    """

    name = "cms.project"
    label = "ostriv"

    def ready(self) -> None:
        gc.freeze()
        gc.enable()
