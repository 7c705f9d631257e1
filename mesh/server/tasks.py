"""Task state in SQL: received calls by idempotency key, tasks that a crash interrupted, and retention."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from a2a.auth.user import User
from a2a.server.context import ServerCallContext
from a2a.server.models import TaskModel
from a2a.server.tasks import DatabaseTaskStore
from a2a.types import Task, TaskState
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from .calls import owner_of

_OPEN_STATES = [
    TaskState.Name(state) for state in (TaskState.TASK_STATE_SUBMITTED, TaskState.TASK_STATE_WORKING)
]
_ENDED_STATES = [
    TaskState.Name(state)
    for state in (
        TaskState.TASK_STATE_COMPLETED,
        TaskState.TASK_STATE_CANCELED,
        TaskState.TASK_STATE_FAILED,
        TaskState.TASK_STATE_REJECTED,
    )
]
_received = sa.table(
    "received_calls",
    sa.column("owner"),
    sa.column("idempotency_key"),
    sa.column("task_id"),
    sa.column("received_at"),
)


@dataclass(frozen=True)
class OwnedTask:
    """A task with the call context of its owner."""

    task: Task
    context: ServerCallContext


class TaskRecords:
    """The service's task tables. `store` is the SDK's view of them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.store = DatabaseTaskStore(engine, create_table=False, owner_resolver=owner_of)

    async def claim(self, context: ServerCallContext, key: str, task_id: str) -> str:
        """Records that `task_id` answers the call `key`, or returns the task that already does."""
        row = {"owner": owner_of(context), "idempotency_key": key, "task_id": task_id, "received_at": _now()}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(sa.insert(_received).values(**row))
        except IntegrityError:
            query = sa.select(_received.c.task_id).where(
                _received.c.owner == row["owner"], _received.c.idempotency_key == key
            )
            async with self._engine.connect() as connection:
                return str((await connection.execute(query)).scalar_one())
        return task_id

    async def interrupted(self, idle_for: timedelta) -> list[OwnedTask]:
        """Unfinished tasks that nobody has touched for `idle_for`, oldest first."""
        query = (
            sa.select(TaskModel.id, TaskModel.owner)
            .where(
                TaskModel.status["state"].as_string().in_(_OPEN_STATES),
                sa.or_(TaskModel.last_updated.is_(None), TaskModel.last_updated <= _now() - idle_for),
            )
            .order_by(TaskModel.last_updated)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        found = []
        for task_id, owner in rows:
            context = _context_of(owner)
            task = await self.store.get(task_id, context)
            if task is not None:
                found.append(OwnedTask(task, context))
        return found

    async def forget_older_than(self, age: timedelta) -> int:
        """Deletes finished tasks last touched before `age` ago; returns how many."""
        before = _now() - age
        async with self._engine.begin() as connection:
            ended = await connection.execute(
                sa.delete(TaskModel).where(
                    TaskModel.status["state"].as_string().in_(_ENDED_STATES), TaskModel.last_updated < before
                )
            )
            await connection.execute(sa.delete(_received).where(_received.c.received_at < before))
        return int(ended.rowcount)


class _Owner(User):
    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def is_authenticated(self) -> bool:
        return bool(self._name)

    @property
    def user_name(self) -> str:
        return self._name


def _context_of(owner: str) -> ServerCallContext:
    tenant, _, name = owner.partition("|")
    return ServerCallContext(user=_Owner(name), tenant=tenant)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
