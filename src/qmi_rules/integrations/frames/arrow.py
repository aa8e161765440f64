"""What a pandas frame holds, as an Arrow table."""

from importlib import import_module
from typing import Any

from qmi_rules.errors import DocumentError, MissingExtraError, Problem


def arrow_table(frame: Any) -> Any:
    """A pandas frame as an Arrow table; columns of Python objects get the type that all their values have.

    Whole numbers with gaps are floats in pandas: they become whole numbers again, and other floats stay what they are.
    """
    try:
        pyarrow = import_module("pyarrow")
    except ModuleNotFoundError:
        raise MissingExtraError("frames", "pyarrow") from None
    columns, problems = {}, []
    for name in frame.columns:
        try:
            column = pyarrow.array(frame[name], from_pandas=True)
            columns[name] = _whole(column, pyarrow) if pyarrow.types.is_floating(column.type) else column
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError) as error:
            problems.append(Problem(name, f"expected values of one type: {str(error).splitlines()[0]}"))
    if problems:
        raise DocumentError(problems)
    return pyarrow.table(columns)


def _whole(column: Any, pyarrow: Any) -> Any:
    try:
        return column.cast(pyarrow.int64())
    except pyarrow.ArrowInvalid:
        return column
