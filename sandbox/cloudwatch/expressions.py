"""Metric math, as far as alarms and dashboards use it here; all else is refused.

A time series has its values by the begin of their periods, and lacks those that are missing. Source: "Using math
expressions with CloudWatch metrics" in the Amazon CloudWatch User Guide.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

TimeSeries = dict[int, float]
Value = float | TimeSeries | list[TimeSeries]


class ExpressionError(Exception):
    """The expression is none, or uses what the sandbox does not emulate; the message says what."""


_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MAX": max,
    "MIN": min,
    "AVG": lambda values: sum(values) / len(values),
}
_HAS = "it has + - * /, comparisons, numbers, ids, lists of ids, SUM, MAX, MIN, AVG, FILL and IF"


def evaluate(expression: str, series: Mapping[str, Value], times: Sequence[int]) -> Value:
    """The value of `expression` over the `series`, by their ids; `times` are the begins of all periods asked for.

    Raises:
        ExpressionError: it cannot be evaluated here.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise ExpressionError(_refusal(expression, expression)) from None
    return _Evaluation(expression, series, times).value(tree.body)


def names(expression: str) -> set[str]:
    """The ids that the expression names, and its functions; SyntaxError where it is no expression."""
    return {node.id for node in ast.walk(ast.parse(expression.strip(), mode="eval")) if isinstance(node, ast.Name)}


class _Evaluation:
    def __init__(self, expression: str, series: Mapping[str, Value], times: Sequence[int]) -> None:
        self._expression = expression
        self._series = series
        self._times = times

    def value(self, node: ast.expr) -> Value:  # noqa: PLR0911 - one for each kind of node
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=id_) if id_ in self._series:
                return self._series[id_]
            case ast.Name(id=id_):
                raise ExpressionError(f"the expression {self._expression!r} names {id_}, which is no id of the query")
            case ast.List(elts=members):
                return [self._one(member) for member in members]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._each(operator.sub, 0.0, self.value(operand), node)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _ARITHMETIC:
                return self._each(_ARITHMETIC[type(op)], self.value(left), self.value(right), node)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                compared = _COMPARISONS[type(op)]
                return self._each(lambda a, b: float(compared(a, b)), self.value(left), self.value(right), node)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name, arguments, node)
        raise self._refused(node)

    def _call(self, name: str, arguments: list[ast.expr], node: ast.expr) -> Value:
        match name, arguments:
            case (("SUM" | "MAX" | "MIN" | "AVG"), [argument]):
                return self._aggregate(_AGGREGATES[name], self.value(argument), node)
            case "FILL", [argument, filling]:
                return self._fill(self.value(argument), self.value(filling), node)
            case "IF", [condition, first, second]:
                return self._if(self.value(condition), self.value(first), self.value(second), node)
        raise self._refused(node)

    def _each(self, apply: Callable[[float, float], float], left: Value, right: Value, node: ast.expr) -> Value:
        """Point by point; where either is missing, or a division is by zero, there is no result."""
        if isinstance(left, list) or isinstance(right, list):
            raise self._refused(node)
        if isinstance(left, dict) or isinstance(right, dict):
            applied = {}
            for time in self._times:
                one, other = _at(left, time), _at(right, time)
                if one is not None and other is not None and (found := _applied(apply, one, other)) is not None:
                    applied[time] = found
            return applied
        found = _applied(apply, left, right)
        return {} if found is None else found

    def _aggregate(self, aggregate: Callable[[Sequence[float]], float], value: Value, node: ast.expr) -> Value:
        """Of several series one, of what each period has; of one series a number."""
        if isinstance(value, list):
            columns = {time: [series[time] for series in value if time in series] for time in self._times}
            return {time: aggregate(column) for time, column in columns.items() if column}
        if isinstance(value, dict):
            return aggregate([*value.values()]) if value else {}
        raise self._refused(node)

    def _fill(self, value: Value, filling: Value, node: ast.expr) -> Value:
        if isinstance(value, list):
            return [_filled(series, filling, self._times) for series in value]
        if not isinstance(value, dict):
            raise self._refused(node)
        return _filled(value, filling, self._times)

    def _if(self, condition: Value, first: Value, second: Value, node: ast.expr) -> Value:
        if isinstance(condition, list) or isinstance(first, list) or isinstance(second, list):
            raise self._refused(node)
        if not isinstance(condition, dict):
            return first if condition else second
        chosen = {time: _at(first if holds else second, time) for time, holds in condition.items()}
        return {time: value for time, value in chosen.items() if value is not None}

    def _one(self, node: ast.expr) -> TimeSeries:
        value = self.value(node)
        if not isinstance(value, dict):
            raise self._refused(node)
        return value

    def _refused(self, node: ast.expr) -> ExpressionError:
        return ExpressionError(_refusal(ast.unparse(node), self._expression))


def _refusal(part: str, expression: str) -> str:
    return f"the sandbox does not emulate {part!r} in the metric math {expression!r}: {_HAS}"


def _at(value: float | TimeSeries, time: int) -> float | None:
    return value.get(time) if isinstance(value, dict) else value


def _applied(apply: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        return apply(left, right)
    except ZeroDivisionError:
        return None


def _filled(series: TimeSeries, filling: Value, times: Sequence[int]) -> TimeSeries:
    if isinstance(filling, list):
        filling = reduce(lambda one, other: {**other, **one}, filling, TimeSeries())
    wanted = {time: series.get(time, _at(filling, time)) for time in times}
    return {time: value for time, value in wanted.items() if value is not None}
