"""The program's settings, on a throw-away cluster (conftest.py starts it), with what makes tests quick."""

import os
import tempfile
from pathlib import Path

from jingwei.site.cluster import Cluster
from jingwei.site.env import database

PLACE = Path(tempfile.gettempdir()) / f"jingwei-test-{os.getpid()}"
CLUSTER = Cluster(PLACE / "cluster", throw_away=True)
os.environ["DATABASE_URL"] = CLUSTER.url

from jingwei.site.settings import *  # noqa: E402, F403

DATABASES = {"default": database(CLUSTER.url)}
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # one-time passwords: the latter
MEDIA_ROOT = PLACE / "files"
IMPORTS_ROOT = PLACE / "imports"
