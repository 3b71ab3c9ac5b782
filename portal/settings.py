"""One settings file; every switch comes from the environment, and the table in README.md says what each does."""

import tomllib
from pathlib import Path

from django.utils.csp import CSP

from portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "var"
DATA_DIR.mkdir(exist_ok=True)

# What runs here, as a record names it.
SOFTWARE_VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = environment.names("CSRF_TRUSTED_ORIGINS")
DATABASES = {"default": environment.database(DATA_DIR / "crossmatch.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How many proxies of ours stand before the server: that many entries at the end of X-Forwarded-For are believed.
PROXY_COUNT = environment.number("PROXY_COUNT", 0)
# Said by whoever deploys: the portal is reached over TLS only, and the proxy sets X-Forwarded-Proto itself.
BEHIND_TLS = environment.flag("BEHIND_TLS", default=False)

INSTALLED_APPS = [
    "portal",
    "advisor",
    "vendors",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "portal.apps.CurationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.headers.permissions_policy",
    "portal.headers.errors_are_not_kept",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # After the static files, which lie there compressed, and before everything that makes or changes a page.
    "portal.compression.Compress",
    "portal.limits.body_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.sessions.limits",
    "portal.limits.PostRate",
    "axes.middleware.AxesMiddleware",
    "portal.unchanged.Unchanged",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.accounts.reader.signed_in",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# The rate limit has to hold across processes, so its counters live in the database unless a shared cache is named.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "portal.limits.locked_out"
AXES_CLIENT_IP_CALLABLE = "portal.limits.client_address"
AXES_RESET_ON_SUCCESS = True
# The record of sign-ins, shown by portal.admin and kept as portal.accounts.audit says.
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["csrfmiddlewaretoken", "code", "next"]
OTP_TOTP_ISSUER = "Crossmatch"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "accounts:account"
# Whether readers may make themselves an account. It gives no right but to keep and share programs of one's own.
REGISTRATION = environment.choice("REGISTRATION", "open", "closed")
CURATORS_NEED_SECOND_FACTOR = environment.flag("CURATORS_NEED_SECOND_FACTOR", default=False)
SIGN_IN_LOG_DAYS = environment.number("SIGN_IN_LOG_DAYS", 90, least=1)

# Review before publication is by two people. Where there is only one, this lets them approve what they proposed, and every such
# change says so.
ONE_PERSON_MAY_APPROVE = environment.flag("ONE_PERSON_MAY_APPROVE", default=False)

LANGUAGE_CODE = "en"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# A program's address is its key, so no foreign site may be told where a reader came from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A session ends with the browser, after so long without a request, and at the latest after so many hours; see portal.accounts.sessions.
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 120, least=5)
SESSION_HOURS = environment.number("SESSION_HOURS", 12, least=1)
CURATOR_SESSION_HOURS = environment.number("CURATOR_SESSION_HOURS", 8, least=1)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Bytes. The largest honest form, an intake with every box ticked, is about 5 kB; a vendor with its inlines about 100 kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = environment.number("MAX_BODY_BYTES", 1_048_576, least=1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE

# Posts an hour and address, by the name of the view; see portal.limits.PostRate.
INTAKE_POSTS = environment.number("INTAKE_POSTS_PER_HOUR", 60, least=1)
POSTS_PER_HOUR = dict.fromkeys(
    (
        f"advisor:{page}"
        for page in ("new", "new-from-trial", "edit-from-trial", "try", "keep", "link", "add-member", "change-member", "claim", "last-day")
    ),
    INTAKE_POSTS,
)
# Ordering and noting a shortlist takes many small posts.
POSTS_PER_HOUR |= dict.fromkeys(("advisor:shortlist", "advisor:shortlist-add", "advisor:shortlist-change"), 10 * INTAKE_POSTS)
# A program is saved section by section, and looked at after nearly every answer.
POSTS_PER_HOUR |= dict.fromkeys(("advisor:edit", "advisor:new-so-far", "advisor:edit-so-far"), 20 * INTAKE_POSTS)
# Beside the lock after wrong passwords for one name, a limit for one address that tries many names. Where a password is asked for
# again, whoever sits at a session that was left open may not try them all.
POSTS_PER_HOUR |= {"accounts:sign-in": 60, "accounts:code": 60, "accounts:register": 10, "admin:password_change": 20}
POSTS_PER_HOUR |= dict.fromkeys(
    (f"accounts:{page}" for page in ("password", "sign-out-everywhere", "set-up", "backup-codes", "remove-second-factor", "delete")), 20
)
POSTS_PER_HOUR["vendors:suggest"] = environment.number("SUGGESTIONS_PER_HOUR", 10, least=1)

# Bytes of a file that a curator imports; other bodies stay within the limit above. The real catalogue has 0.6 MB.
MAX_UPLOAD_BYTES = environment.number("MAX_UPLOAD_BYTES", 5_242_880, least=1024)
BODY_BYTES = {"admin:vendors_upload_changelist": MAX_UPLOAD_BYTES + 16_384}
# Days after which curators are asked to compare a record with its sources again.
RECHECK_AFTER_DAYS = environment.number("RECHECK_AFTER_DAYS", 365, least=1)
# Whether `manage.py check_sources` may ask other hosts for the addresses of sources.
CHECK_SOURCES = environment.flag("CHECK_SOURCES", default=False)
# Whether the portal may ask ClinicalTrials.gov for a record whose number a reader gives. The registry then learns which trial somebody
# here looks at; a portal for confidential programs may rather have its readers upload the record.
REGISTRY_FETCH = environment.flag("REGISTRY_FETCH", default=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.Discreet", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
