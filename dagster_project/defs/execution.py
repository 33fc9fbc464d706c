"""How every job runs: in one process, alone in its home, with visible progress."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dagster as dg
from pydantic import PrivateAttr

from dagster_project import locks, progress, settings


class Alone(dg.ConfigurableResource):
    """The home's lock, which a run holds until it ends.

    Every asset and check needs it, so that no command or other run changes the home
    between two steps. The run's own lock shows whether its process is alive.
    """

    _ending: ExitStack = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Alone"]:
        home = settings.home()
        if context.run:
            locks.hold_as_run(home, context.run.run_id)
        with locks.alone(home), ExitStack() as ending:
            self._ending = ending
            yield self

    def end(self, process: subprocess.Popen) -> None:
        """End `process` before the lock is released.

        A run that is interrupted does not always end its dbt.
        """
        self._ending.callback(_end, process)


def _end(process: subprocess.Popen) -> None:
    process.terminate()  # Does nothing if the process has ended.
    process.wait()


def in_one_process() -> dg.Definitions:
    """Only one process can write to a DuckDB file, so all steps run in the same one."""
    return dg.Definitions(
        resources={"alone": Alone()},
        executor=dg.in_process_executor,
        loggers={"progress": progress.progress},
    )


@dg.definitions
def execution() -> dg.Definitions:
    return in_one_process()
