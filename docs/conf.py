"""Sphinx configuration: ``sphinx-build -n -W --keep-going docs docs/_build/html``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

from qmi_rules import __version__

project = "qmi_rules"
author = "The qmi_rules authors"
project_copyright = "the qmi_rules authors, MIT licence"
release = version = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "qmi_reference"]
exclude_patterns = ["_build", "_extensions"]
html_theme = "furo"
html_title = f"qmi_rules {release}"
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
add_module_names = False
python_use_unqualified_type_names = True

# What is not this package's own, and what a signature only names for the type checker, leads nowhere.
nitpick_ignore_regex = [("py:.*", r"(?!qmi_rules\.).*")]

# A bare name in a quoted annotation (Comparison) may be that of several rooms.
suppress_warnings = ["ref.python"]

linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_ignore = [r"https?://(www\.)?legifrance\.gouv\.fr/.*"]  # refuses programs
