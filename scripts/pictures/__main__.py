"""``scripts/screenshots``: every page of the console, the tab and the sandbox as pictures."""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from scripts.pictures import _shots as shots
from scripts.pictures._guides import guides
from scripts.pictures._world import world


async def run(given: argparse.Namespace) -> int:
    """Take the pictures; return 1 where a page is too wide or the browser complained."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium não está instalado / is not installed", file=sys.stderr)
        return 2
    options = {
        "locale": given.language,
        "only": tuple(filter(None, given.only.split(","))),
        "widths": tuple(map(int, given.widths.split(","))),
        "themes": tuple(given.themes.split(",")),
    }
    async with world() as made, shots.camera(given.out, chromium, **options) as camera:
        if given.guides:
            await guides(made, camera)
            return _told(camera)
        await shots.console(made, camera)
        await shots.sandbox(made, camera)
        await shots.tab(made, camera)
        return _told(camera)


def _told(camera: shots.Camera) -> int:
    for fault in camera.faults:
        print(fault, file=sys.stderr)
    print(camera.folder)
    return int(bool(camera.faults))


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("data/screenshots"))
    parser.add_argument("--only", default="", help="names of pages, such as overview,tab")
    parser.add_argument("--widths", default="320,768,1280")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--language", default="pt-BR")
    parser.add_argument("--guides", action="store_true", help="the few of docs/images instead")
    given = parser.parse_args()
    if given.guides:
        given.out = Path("docs/images")
    return asyncio.run(run(given))


if __name__ == "__main__":
    sys.exit(main())
