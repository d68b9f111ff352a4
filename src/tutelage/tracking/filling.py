"""What is lacking, found and added: stages that left a record, stages that run or failed, reproductions."""

from collections.abc import Sequence

from tutelage.tracking import plan, records
from tutelage.tracking.plan import Run
from tutelage.tracking.registry import Registry
from tutelage.tracking.spool import Execution
from tutelage.tracking.store import Held, Store
from tutelage.tracking.taught import Taught, reproduction


def fill(store: Store, executions: Sequence[Execution]) -> None:
    """Adds whatever the store lacks; a second time adds nothing."""
    lock = records.read()
    known = {record.stage: record.execution(executions) for record in lock.records.values()}
    spooled, taught, registry = store.executions(), list[Taught](), Registry(store.client)
    for record in lock.taught():
        exam = lock.exam(record)
        told = Taught(lock, record, known[record.stage], exam, known[exam.stage] if exam else None)
        if told.parts:
            taught.append(told)
            _stage(store, registry, told, spooled)
            registry.point(told)
    if lock.pipeline and len(taught) == len(lock.taught()):
        run = reproduction(lock, taught)
        held = store.group(run.uid).get(run.uid)
        parts = {"headlines", *(path.as_posix() for path, _ in run.files)}
        if held is None or not parts <= held.has:
            _whole(store, run, held, parts)
    recorded = {execution.id for execution in known.values() if execution}
    for execution in executions:
        if execution.id not in recorded:
            _execution(store, execution, spooled.get(execution.id))


def _stage(store: Store, registry: Registry, told: Taught, spooled: dict[str, Held]) -> None:
    """One record: its run, which may have been charted while it ran, its children, its ways of teaching."""
    group, uid = store.group(told.record.uid), told.record.uid
    live = spooled.get(told.execution.id) if told.execution else None
    if told.execution and live:
        if uid not in group:
            came = store.group(told.execution.id).items()
            group |= {name.replace(told.execution.id, uid, 1): held for name, held in came}
        elif group[uid].id != live.id:
            store.delete(live)  # it ran again and left the same record
    held = group.get(uid)
    missing = told.parts - (held.has if held else set())
    if not missing:
        return
    run = told.parent(missing)
    parent = store.put(run, held)
    if parent is None:
        return
    for child in told.children(missing):
        _whole(store, child, group.get(child.uid), set(), parent)
    for way in told.ways(missing):
        _whole(store, way, group.get(way.uid), set())
    if any(part.startswith("model ") for part in missing):
        registry.add(told, parent.id)
    kept = (part for part in parent.has if not part.isdigit())  # the lines of a spool are told by then
    store.settle(parent, {*missing, *kept}, run)


def _execution(store: Store, execution: Execution, held: Held | None) -> None:
    """One that has no record: charted while it runs, kept where it failed or was killed."""
    run = plan.execution(execution)
    if held is None and execution.status == "FINISHED":
        return
    if held is not None and not held.running:
        return
    after = int(next(iter(held.has), 0)) if held else 0
    fits, lines = plan.fits(execution, after)
    if execution.status == "RUNNING" and not lines:
        return
    parent = store.put(run, held)
    if parent is None:
        return
    group = store.group(execution.id)
    for fit in fits:
        _whole(store, fit, group.get(fit.uid), set(), parent)
    if execution.status != "RUNNING":
        for uid, ended in group.items():
            if uid != run.uid:
                store.settle(ended, set(), run)
    store.settle(parent, {str(lines)}, run)


def _whole(store: Store, run: Run, held: Held | None, has: set[str], parent: Held | None = None) -> None:
    put = store.put(run, held, parent)
    if put:
        store.settle(put, {*has, *put.has}, run)
