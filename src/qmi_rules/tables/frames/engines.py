"""The engines that hold frames: what their columns are before a row is read, and the answers computed by them."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, Final, TypeAlias

import narwhals as nw

from qmi_rules.errors import DocumentError, MissingExtraError, Phrase, fault
from qmi_rules.law import Table
from qmi_rules.law.truth import Truth
from qmi_rules.tables.columns.answers import Answers, Writer, plan_of
from qmi_rules.tables.columns.formulas import Formula, Scaled, some
from qmi_rules.tables.columns.inputs import DAY, Column, Columns, Valuation, expected_kind
from qmi_rules.tables.frames.expressions import (
    ExpressionWriter,
    amount_expression,
    expression,
    repeated,
    rounded,
    scaled_in,
)
from qmi_rules.tables.sql import Dialect, SqlWriter, selected


def advice(dtype: Any) -> Phrase | str:
    """What to do about a type that is refused."""
    if dtype.is_float():
        return Phrase("; a cent has no exact binary form: cast to a decimal of two places, or to whole numbers")
    if isinstance(dtype, nw.Datetime):
        return Phrase("; take the zone off, or cast to days")
    return ""


def _is_day(dtype: Any) -> bool:
    return dtype == nw.Date or (isinstance(dtype, nw.Datetime) and dtype.time_zone is None)


TYPES: Final[dict[str, tuple[Callable[[Any], bool], Phrase]]] = {
    "day": (_is_day, Phrase("days")),
    "truth": (lambda dtype: dtype == nw.Boolean, Phrase("yes/no (boolean)")),
    "choice": (
        lambda dtype: dtype in (nw.String, nw.Categorical) or isinstance(dtype, nw.Enum),
        Phrase("words (text)"),
    ),
    "money": (lambda dtype: dtype.is_integer() or dtype.is_decimal(), Phrase("euros (decimal, or whole numbers)")),
    "whole": (lambda dtype: dtype.is_integer(), Phrase("whole numbers")),
    "number": (lambda dtype: dtype.is_integer() or dtype.is_decimal(), Phrase("numbers (decimal, or whole numbers)")),
}
"""What types a column may have, by what it holds."""


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
            problems.append(
                fault("contradiction", name, "expected values of one type: {why}", why=str(error).splitlines()[0])
            )
    if problems:
        raise DocumentError(problems)
    return pyarrow.table(columns)


def _whole(column: Any, pyarrow: Any) -> Any:
    try:
        return column.cast(pyarrow.int64())
    except pyarrow.ArrowInvalid:
        return column


_SUPPORTED: Final = ("polars", "pyarrow", "duckdb", "pyspark", "pyspark[connect]")
_KINDS: Final = Phrase("a pandas, polars, pyarrow, DuckDB or PySpark frame")

Schema: TypeAlias = Mapping[str, Any]


def engine_of(frame: Any, facts: frozenset[str]) -> "Engine":
    """The engine of a native frame; `facts` are the columns that it is read for.

    Raises:
        DocumentError: It is no frame, or one of an engine that is not supported.
    """
    if nw.dependencies.is_pandas_dataframe(frame):
        return PandasEngine(frame, facts)
    try:
        held = nw.from_native(frame)
    except Exception:  # of several kinds, from version to version
        words = "expected {what}, got {got}"
        raise DocumentError(
            fault("contradiction", "", words, what=_KINDS, got=f"{type(frame).__module__}.{type(frame).__qualname__}")
        ) from None
    name = held.implementation.value
    if name not in _SUPPORTED:
        raise DocumentError(fault("contradiction", "", "expected {what}, got one of {got}", what=_KINDS, got=name))
    match name:
        case "polars":
            return PolarsEngine(held)
        case "pyspark" | "pyspark[connect]":
            return SparkEngine(held)
        case "duckdb":
            return DuckDbEngine(held)
        case _:
            return Engine(held)


class Engine:
    """A frame as narwhals sees it, and as pyarrow computes it."""

    writer: Writer[Any] = ExpressionWriter()

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.eager = isinstance(frame, nw.DataFrame)

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.schema)

    @cached_property
    def schema(self) -> Schema:
        """Types of the columns by name."""
        return self.frame.collect_schema()  # type: ignore[no-any-return]

    def columns(self, table: Table) -> Columns:
        """What is known of the columns before a row is read.

        Raises:
            DocumentError: Columns of the wrong type, all of them.
        """
        problems, present = [], {}
        for name, dtype in self.schema.items():
            kind = expected_kind(name, table)
            if kind == "any":
                continue
            if dtype == nw.Unknown and self.eager and self._nulls(name) == len(self.frame):
                if name != DAY:
                    continue
                self.frame, dtype = self.frame.with_columns(nw.col(DAY).cast(nw.Date)), nw.Date()
            accepts, expected = TYPES[kind]
            if not accepts(dtype):
                words = "expected {expected}, got {got}{advice}"
                problems.append(fault("contradiction", name, words, expected=expected, got=dtype, advice=advice(dtype)))
                continue
            present[name] = Column(
                name=name,
                filled=self._nulls(name) == 0,
                whole=dtype.is_integer(),
                cents=dtype.is_decimal() and getattr(dtype, "scale", 38) <= 2,
                words=frozenset(dtype.categories) if isinstance(dtype, nw.Enum) else None,
            )
        if problems:
            raise DocumentError(problems)
        return Columns(present=present)

    def days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last launch, where the rows are at hand."""
        if not self.eager:
            return None, None
        return _day(self.frame[DAY].min()), _day(self.frame[DAY].max())

    def any(self, formula: Formula) -> bool:
        """Whether a formula may hold on some row."""
        if formula is Truth.NO or not self.eager:
            return formula is not Truth.NO
        return bool(self.frame.select(found=expression(formula).any())["found"][0])

    def value(self, valuation: Valuation) -> None:
        """Add the columns of cents that a valuation is read from."""
        narrow = self.narrowed(scaled_in(valuation.stages[0].values()))
        for stage in valuation.stages:
            cents = {name: amount_expression(amount, narrow) for name, amount in stage.items()}
            self.frame = _with(self.frame, cents)

    def narrowed(self, scaled: Iterable[Scaled]) -> dict[str, str]:
        """Columns added in place of decimals, by name: rounded, and of few digits, since engines multiply long ones wrongly."""
        decimals = {one.column: one for one in scaled if self.schema[one.column].is_decimal()}
        added = {name: f"_qmi_narrow_{name}" for name in decimals}
        frame = _with(self.frame, {added[name]: rounded(one) for name, one in decimals.items()})
        self.frame = nw.from_native(self.cut(frame.to_native(), {added[n]: one.places for n, one in decimals.items()}))
        return added

    def cut(self, native: Any, places: Mapping[str, int]) -> Any:
        """Some columns of decimals with so many places."""
        pyarrow = import_module("pyarrow")
        for name, digits in places.items():
            column = native[name].cast(pyarrow.decimal128(18, digits))
            native = native.set_column(native.column_names.index(name), name, column)
        return native

    def run(
        self, answers: Answers, faults: dict[str, Formula], wanted: Iterable[str], valuation: Valuation | None
    ) -> Any:
        """The frame with the answers that are wanted."""
        if not self.any(some(*faults.values())):
            faults = {}
        plan = plan_of(answers, faults, wanted, self.writer, valuation)
        return self.compute(plan.steps, plan.outputs)

    def compute(self, steps: dict[str, Formula], outputs: dict[str, Any]) -> Any:
        """The frame with the outputs, which are written over the steps; these are left out again."""
        return _with(self.prepare(steps), outputs).select(*dict.fromkeys((*self.names, *outputs))).to_native()

    def prepare(self, steps: dict[str, Formula]) -> Any:
        """The frame with the steps. An engine at hand computes at once what is compared several times."""
        shared = {part: f"_qmi_part_{i}" for i, part in enumerate(repeated(steps.values()) if self.eager else ())}
        frame = _with(self.frame, {name: expression(part) for part, name in shared.items()})
        return _with(frame, {name: expression(formula, shared) for name, formula in steps.items()})

    def _nulls(self, name: str) -> int | None:
        """How many rows leave a column empty; None where that cannot be known without running a query."""
        return self.frame[name].null_count() if self.eager else None


class PolarsEngine(Engine):
    """polars, eager or lazy: the optimiser sees what is computed twice, and a status is one byte a row."""

    def __init__(self, frame: Any) -> None:
        super().__init__(frame)
        self.polars = import_module("polars")
        self.writer = ExpressionWriter(words=self.polars, enumerated=True)

    def any(self, formula: Formula) -> bool:
        if formula is Truth.NO or not self.eager:
            return formula is not Truth.NO
        return bool(self.frame.to_native().select(expression(formula, words=self.polars).any()).item())

    def cut(self, native: Any, places: Mapping[str, int]) -> Any:
        kinds = {name: self.polars.Decimal(38, digits) for name, digits in places.items()}
        return native.with_columns(self.polars.col(name).cast(kind) for name, kind in kinds.items())

    def compute(self, steps: dict[str, Formula], outputs: dict[str, Any]) -> Any:
        truths = {name: expression(formula, words=self.polars) for name, formula in steps.items()}
        frame = self.frame.to_native().lazy().with_columns(**truths).with_columns(**outputs)
        answered = frame.select(*dict.fromkeys((*self.names, *outputs)))
        return answered.collect() if self.eager else answered


class SqlEngine(Engine):
    """An engine that is handed SQL text: it projects its rows onto lists of columns, one after the other."""

    # two names: pyright reads `writer` as the base declares it, and only the writer of SQL has stages
    sql: SqlWriter

    def project(self, native: Any, items: list[str]) -> Any:
        """The rows with these columns, each as SQL says it."""
        raise NotImplementedError

    def compute(self, steps: dict[str, Formula], outputs: dict[str, str]) -> Any:
        write = self.sql
        first = [f"({write.formula(formula)}) AS {write.name(name)}" for name, formula in steps.items()]
        return self.project(self.project(self.frame.to_native(), ["*", *first]), selected(write, self.names, outputs))

    def value(self, valuation: Valuation) -> None:
        native = self.frame.to_native()
        for stage in valuation.stages:
            native = self.project(native, ["*", *self.sql.stage(stage)])
        self.frame = nw.from_native(native)


class SparkEngine(SqlEngine):
    """PySpark: what it runs is handed to it as SQL text; building expressions object by object takes it seconds."""

    writer = sql = SqlWriter(dialect=Dialect.SPARK)

    def project(self, native: Any, items: list[str]) -> Any:
        return native.selectExpr(*items)


class DuckDbEngine(SqlEngine):
    """DuckDB: SQL text, in which a status is an item of an enumeration, one byte a row."""

    writer = sql = SqlWriter(dialect=Dialect.DUCKDB, enumerated=True)

    def project(self, native: Any, items: list[str]) -> Any:
        return native.project(", ".join(items))


class PandasEngine(Engine):
    """pandas: the facts are read as Arrow columns, whose kernels know nulls and decimals; index and columns are kept."""

    def __init__(self, frame: Any, facts: frozenset[str]) -> None:
        self.native = frame
        if strange := [name for name in frame.columns if not isinstance(name, str)]:
            raise DocumentError(
                [fault("contradiction", str(name), "expected a text for the name of a column") for name in strange]
            )
        if len(set(frame.columns)) < len(frame.columns):
            raise DocumentError(fault("contradiction", "", "expected each column once"))
        super().__init__(nw.from_native(arrow_table(frame[[name for name in frame.columns if name in facts]])))

    @cached_property
    def names(self) -> list[str]:
        return list(self.native.columns)

    def compute(self, steps: dict[str, Formula], outputs: dict[str, nw.Expr]) -> Any:
        answered = _with(self.prepare(steps), outputs).to_native().to_pandas()
        return self.native.assign(**{name: answered[name].array for name in outputs})


def _with(frame: Any, columns: dict[str, nw.Expr]) -> Any:
    return frame.with_columns(**columns) if columns else frame


def _day(value: Any) -> datetime.date | None:
    return value.date() if isinstance(value, datetime.datetime) else value
