"""Errors whose text is a sentence for the user: what is wrong, and the remedy."""

from pathlib import Path

# The names of all classes of such errors, in this file and others: Dagster records no
# more than the name. The messages of their causes are often not for the user.
OUR_ERRORS = (
    "BuildError",
    "DeliveryError",
    "InaccessibleError",
    "NothingYetError",
    "PackError",
)


class DeliveryError(Exception):
    """A known failure. Its message names the file, what is wrong, and the remedy."""


class InaccessibleError(DeliveryError):
    """A file or folder that cannot be opened, so that its content is not known."""

    def __init__(self, path: Path, error: OSError) -> None:
        remedy = (
            "Give this user the right to read it"
            if isinstance(error, PermissionError)
            else "Put it there again"
        )
        super().__init__(f"{path}: cannot be read ({error.strerror}). {remedy}.")
