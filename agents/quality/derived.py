"""What is worked out from a column once, when it is first asked for."""

from collections.abc import Callable
from typing import Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class derived(Generic[Value]):  # noqa: N801 - a decorator, as `property` is
    """A property whose value is kept in the instance's `__dict__`.

    `functools.cached_property` before Python 3.12 holds one lock for all instances, so that no two columns could be sorted at
    the same time. Without the lock two threads that ask one column at once may both work the same value out.
    """

    def __init__(self, work_out: Callable[..., Value]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._work_out(instance)
        return value
