"""Settings of an Ostriv installation, read from the environment and from nothing else.

``docs/operator/settings.md`` lists each variable with its default.
"""

import gc
from pathlib import Path

import environ
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured

from cms.registry.discovery import enabled_plugins
from cms.registry.plugin_apps import app_names

env = environ.Env()

gc.disable()  # until everything is loaded: see cms.project.apps

DATA_DIR = env.path("OSTRIV_DATA", default=str(Path.cwd() / "var"))
DATA_DIR = Path(str(DATA_DIR)).resolve()
DEBUG = env.bool("OSTRIV_DEBUG", default=False)


def _secret_key() -> str:
    if key := env.str("SECRET_KEY", default=""):
        return key
    kept = DATA_DIR / "secret_key"
    if kept.exists():
        return kept.read_text().strip()
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to a long random string, or let `ostriv up` make one for this folder."
    )


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

BASE_URL = env.str("OSTRIV_BASE_URL", default="http://localhost:8000").rstrip("/")
FRONTEND_URL = env.str("OSTRIV_FRONTEND_URL", default=BASE_URL).rstrip("/")
#: Where the frontend shows drafts; `{token}` and, if it is in there, `{locale}` are filled in.
PREVIEW_URL = env.str("OSTRIV_PREVIEW_URL", default=f"{FRONTEND_URL}/preview/?token={{token}}")
if "{token}" not in PREVIEW_URL or not PREVIEW_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        "OSTRIV_PREVIEW_URL must be an absolute address with {token} in it, for example "
        "https://news.example.org/preview/?token={token}"
    )
#: Where the frontend shows what one author, section or tag has; `{locale}` and `{slug}` are filled in.
FRONTEND_PATHS = {
    "author": env.str("OSTRIV_FRONTEND_AUTHOR_PATH", default="/{locale}/author/{slug}/"),
    "section": env.str("OSTRIV_FRONTEND_SECTION_PATH", default="/{locale}/section/{slug}/"),
    "tag": env.str("OSTRIV_FRONTEND_TAG_PATH", default="/{locale}/tag/{slug}/"),
}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# --- plugins ------------------------------------------------------------------------------------------------

# Set and empty means none; not set means all that are bundled.
_labels = env.str("OSTRIV_PLUGINS", default="*")
OSTRIV_PLUGINS = enabled_plugins(
    None if _labels == "*" else [label.strip() for label in _labels.split(",") if label.strip()]
)
#: A plugin that fails this often within so many minutes is put to rest until somebody has looked at it.
OSTRIV_PLUGIN_FAULTS = env.int("OSTRIV_PLUGIN_FAULTS", default=10)
OSTRIV_PLUGIN_FAULT_MINUTES = env.int("OSTRIV_PLUGIN_FAULT_MINUTES", default=10)

#: Whether Wagtail's own API stands under /api/v3/, and how many requests a minute one token may make (0: any number).
WAGTAIL_API = env.bool("OSTRIV_WAGTAIL_API", default=False)
WAGTAIL_API_RATE = env.int("OSTRIV_WAGTAIL_API_RATE", default=600)

# --- applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "workers",
    "api",
    "cms.demo",
    "cms.newsletters",
    "cms.campaigns",
    "cms.webhooks",
    "cms.lifecycle",
    "cms.access",
    "cms.content",
    "cms.registry",
    *app_names(OSTRIV_PLUGINS),
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_filters",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *(["wagtail.api.v3"] if WAGTAIL_API else []),
    "django_tasks",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "cms.project.apps.LoadedConfig",
]

MIDDLEWARE = [
    "cms.project.middleware.WholeRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "api.authentication.KeyDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.project.middleware.AdminLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "cms.project.urls"
WSGI_APPLICATION = "cms.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# --- database, cache, broker --------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _server_urls() -> tuple[str, str]:
    """The addresses of PostgreSQL and Redis: those of the environment, else the embedded servers'."""
    database, redis = env.str("DATABASE_URL", default=""), env.str("REDIS_URL", default="")
    if database and redis:
        return database, redis
    from cms.embedded import running_servers  # not needed, and not imported, where both are given

    servers = running_servers(DATA_DIR)
    if servers is None:
        raise ImproperlyConfigured(
            "No database: set DATABASE_URL and REDIS_URL, or start Ostriv's own servers with `ostriv up`."
        )
    return database or servers.database_url, redis or servers.redis_url


DATABASE_URL, REDIS_URL = _server_urls()
_database = env.db_url_config(DATABASE_URL)

DATABASES = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 0,
        # A connection from before the server restarted is noticed when it is taken, not by the reader.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": env.int("OSTRIV_DATABASE_POOL", default=8),
                "timeout": 10,
            },
        },
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ostriv",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "uk"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("uk", "Українська"), ("ru", "Русский"), ("en", "English")]
USE_I18N = WAGTAIL_I18N_ENABLED = True
# The words of our own screens; a plugin brings its own `locale` folder.
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Kyiv"

# --- files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = env.str("OSTRIV_MEDIA_URL", default="/media/")
MEDIA_ROOT = DATA_DIR / "media"
SERVE_MEDIA = env.bool("OSTRIV_SERVE_MEDIA", default=False)
FRONTEND_DIR = env.str("OSTRIV_FRONTEND_DIR", default="")
DEV_MAIL_DIR = env.str("OSTRIV_DEV_MAIL", default="")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cms.project.static_files.StaticFiles"},
    "campaign_pages": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "pages", "base_url": "/donate/"},
    },
}

# --- mail ---------------------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 20
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("OSTRIV_FROM_EMAIL", default="newsroom@localhost")
#: Messages a second by one sender (0: as fast as the server takes them), and senders at once over all processes.
MAIL_RATE = env.float("OSTRIV_MAIL_RATE", default=0.0)
MAIL_SENDERS = env.int("OSTRIV_MAIL_SENDERS", default=1)

# --- Wagtail ------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Ostriv"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_USER_LOGIN_FORM = "cms.project.login.LimitedLoginForm"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# An editor's browser talks to this installation and to nobody else.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "content.NewsroomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.content.pictures.forms.NewsroomImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx", "ods", "zip"]
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "cms.content.admin_search", "SEARCH_CONFIG": "simple"},
}
# Wagtail's own tasks are run at once, and those of a page once for each time that it is saved.
TASKS = {"default": {"BACKEND": "cms.content.indexing.AfterSaving"}}
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
# cms.content.redirects makes those of whole trees, at the paths that frontends know.
WAGTAILREDIRECTS_AUTO_CREATE = False
TAGGIT_CASE_INSENSITIVE = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
LOGIN_URL = "wagtailadmin_login"

# --- API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # One format; `format` is a parameter like any other that means nothing.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.negotiation.Offered",
    "EXCEPTION_HANDLER": "api.problems.problem_response",
    "DEFAULT_THROTTLE_RATES": {"subscribe": "20/hour", "donate": "60/hour"},
    "UNAUTHENTICATED_USER": None,
    # How many proxies of ours stand before us: only their words about a client's address are believed.
    "NUM_PROXIES": env.int("OSTRIV_PROXIES", default=0),
}
#: Whether anybody may read the API, or only who has a key.
OSTRIV_API_PUBLIC = not env.bool("OSTRIV_API_PRIVATE", default=False)
#: Requests of one client in a minute (0: any number), and megabytes of answers that a web process keeps in memory.
OSTRIV_API_RATE = env.int("OSTRIV_API_RATE", default=6000)
OSTRIV_API_CACHE_MB = env.int("OSTRIV_API_CACHE_MB", default=64)
#: Whether webhooks may go to private addresses, to any port and without TLS: where the receiver stands beside us.
WEBHOOKS_ALLOW_PRIVATE = env.bool("OSTRIV_WEBHOOKS_ALLOW_PRIVATE", default=False)
#: CDNs that are told what has changed: cloudflare://TOKEN@ZONE and the like.
CDN = env.list("OSTRIV_CDN", default=[])
SPECTACULAR_SETTINGS = {
    "TITLE": "Ostriv content API",
    "DESCRIPTION": "Published content of the newsroom, its campaigns and its newsletters.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["api.views.schema.only_public"],
    # Choices stay where they are used: names for them would have to be unique among all plugins.
    "POSTPROCESSING_HOOKS": ["api.openapi.hooks.describe"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
}
# Wagtail's API is for programs that hold a token, and a page in a browser is none.
CORS_URLS_REGEX = r"^/(?:api/(?!v3/)|feeds/)"
_cors = env.list("OSTRIV_CORS_ORIGINS", default=["*"])
CORS_ALLOW_ALL_ORIGINS = _cors == ["*"]
CORS_ALLOWED_ORIGINS = [] if CORS_ALLOW_ALL_ORIGINS else _cors
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "last-event-id"]
CORS_EXPOSE_HEADERS = ["ETag", "RateLimit", "RateLimit-Policy", "Retry-After"]
CORS_PREFLIGHT_MAX_AGE = 86_400

# --- security -----------------------------------------------------------------------------------------------

_https = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = env.int("OSTRIV_HSTS_SECONDS", default=0)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "SAMEORIGIN"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- logging ------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "cms.project.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("OSTRIV_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"filters": ["without_tokens"]},
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "pymorphy3": {"level": "WARNING"},
    },
}
