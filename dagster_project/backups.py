"""Writes all of a home that nothing can make again into one file, and reads it back."""

import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from dagster_project import audit
from dagster_project.errors import DeliveryError
from dagster_project.intake import landing
from dagster_project.settings import Home

PIECE = 1 << 20


def places(home: Home) -> dict[str, Path]:
    """Name in the archive → folder or file of the home.

    docs/operate.md says what each has; everything else is made from them.
    """
    return {
        "landing": home.landing,
        "config": home.config,
        landing.HOME_FILE: home.root / landing.HOME_FILE,
        audit.NAME: home.root / audit.NAME,
        home.key_secret.name: home.key_secret,
        "publications": home.publications,
        "reports": home.output,
        "authors_text": home.authors_text,
    }


def refuse_place(home: Home, archive: Path) -> None:
    """Check that a backup can be written to a place.

    Raises:
        DeliveryError: it is inside the home, or is there already, or its folder is not.
    """
    inside = [p for p in places(home).values() if archive.resolve().is_relative_to(p)]
    if inside:
        why = "is inside the home"
    elif os.path.lexists(archive):
        why = "is there already"
    elif not archive.resolve().parent.is_dir():
        why = "is in a folder that is not there"
    else:
        return
    raise DeliveryError(f"FILE={archive} {why}. Name a new file outside the home.")


def write(home: Home, archive: Path) -> int:
    """Write the archive; nobody may work in the home meanwhile.

    Returns:
        How many files it has.

    Raises:
        DeliveryError: the file exists, or lies where it would contain itself.
    """
    refuse_place(home, archive)
    partial = archive.with_name(f"{archive.name}.partial")
    count = 0
    try:
        with (
            partial.open("wb") as file,
            zipfile.ZipFile(
                file,
                "w",
                zipfile.ZIP_DEFLATED,
                compresslevel=1,
                strict_timestamps=False,
            ) as target,
        ):
            for name, path in _everything(home):
                target.write(path, name)
                count += path.is_file()
            target.close()
            file.flush()
            os.fsync(file.fileno())
        partial.rename(archive)
    finally:
        partial.unlink(missing_ok=True)
    return count


def restore(archive: Path, home: Home) -> int:
    """Make a home from an archive, complete or not at all.

    Returns:
        How many files it has.

    Raises:
        DeliveryError: the home has files already, or the archive is damaged or is not
            one of these.
    """
    for place in (home.root, home.output, home.authors_text):
        if place.is_file() or (place.is_dir() and any(place.iterdir())):
            raise DeliveryError(
                f"{place}: there are files already, and none is overwritten. Name a new"
                " folder with DATA=path/to/home."
            )
    partial = home.root.with_name(f"{home.root.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        count = _read(archive, partial)
        for name, place in places(home).items():
            if not place.is_relative_to(home.root) and (partial / name).exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):
                    place.rmdir()
                shutil.move(partial / name, place)
        with suppress(FileNotFoundError):
            home.root.rmdir()
        partial.rename(home.root)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return count


def _everything(home: Home) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of each folder and file, in order."""
    for name, place in places(home).items():
        if place.is_file():
            yield name, place
        # A linked folder is read as one of the home.
        for folder, _, files in sorted(os.walk(place, followlinks=True)):
            below = PurePosixPath(name) / Path(folder).relative_to(place).as_posix()
            yield str(below), Path(folder)
            yield from (
                (str(below / file), Path(folder, file)) for file in sorted(files)
            )


def _read(archive: Path, folder: Path) -> int:
    """Write each file of an archive below a folder; its checksum is compared."""
    try:
        with zipfile.ZipFile(archive) as source:
            members = source.infolist()
            _refuse_foreign(archive, members)
            for member in members:
                target = folder / member.filename
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with source.open(member) as content, target.open("xb") as to:
                    shutil.copyfileobj(content, to, PIECE)
                target.chmod(member.external_attr >> 16 & 0o777 | 0o400)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DeliveryError(
            f"FILE={archive}: this backup is damaged ({error}). Nothing was restored."
            " Use another copy of it, or an earlier backup."
        ) from error
    return sum(not member.is_dir() for member in members)


def _refuse_foreign(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    """Stop at a file that no backup has: it could lie anywhere on the disk."""
    for member in members:
        path = PurePosixPath(member.filename)
        is_ours = path.parts and path.parts[0] in places(Home(Path("/home")))
        if not is_ours or path.is_absolute() or ".." in path.parts:
            raise DeliveryError(
                f"{archive}: this is not a backup, because it has {member.filename}."
                " Give a file that make backup wrote."
            )
    if not any(m.filename.startswith("landing/") for m in members):
        raise DeliveryError(
            f"{archive}: this is not a backup, because it has no landing folder. Give a"
            " file that make backup wrote."
        )
