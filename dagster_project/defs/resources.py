"""Dagster's resources: dbt, and the home's lock."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dagster as dg
from dagster_dbt import DbtCliResource
from pydantic import PrivateAttr

from dagster_project import locks, settings


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


@dg.definitions
def resources() -> dg.Definitions:
    return dg.Definitions(
        resources={
            "alone": Alone(),
            "dbt": DbtCliResource(
                project_dir=str(settings.DBT_PROJECT),
                profiles_dir=str(settings.DBT_PROJECT),
                dbt_executable=str(settings.DBT_OFFLINE),
            ),
        }
    )
