"""The command line, as ``python -m qmi_rules``."""

from qmi_rules.doors.cli import main

if __name__ == "__main__":
    main()
