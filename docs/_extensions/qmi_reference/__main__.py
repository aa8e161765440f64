"""Write the French reference pages that the repository shows into their files: ``python docs/_extensions/qmi_reference``.

To be run after a change of the law, the schemes or the rubrics; a test holds the pages equal to what the data give.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder: its `calendar` would hide the library's

from qmi_reference import KEPT, filled, kept_page  # noqa: E402, found by the line above

for name in KEPT:
    page = kept_page(name)
    page.write_text(filled(page.read_text("utf-8")), "utf-8")
    print(page)
