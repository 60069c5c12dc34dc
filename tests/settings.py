"""The program's settings, with what makes tests quick: a cheap password hash, files in a folder that goes away."""

import tempfile
from pathlib import Path

from jingwei.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="jingwei-files-"))
