"""Where things are, and the Python that runs the peers."""
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

bench = Path(__file__).resolve().parent
root = bench.parent
binaries = root / os.environ.get("BUILD", "build/release") / "bin"
caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
cache = Path(os.environ.get("RUNNER_CACHE_DIR") or caches / "runner")
libtorch = cache / "libtorch-2.11.0-cu130"
environment = cache / "bench-python"
recipe = root / "recipes/mnist.yaml"
steps = int(os.environ.get("BENCH_STEPS", "320"))
warm = 20  # steps that do not count


def make_environment(folder, requirements, *options):
    """A Python environment with what the file lists, made anew when the list changes. Says whether it was made."""
    wanted = requirements.read_text()
    ready = folder / "ready"
    if ready.exists() and ready.read_text() == wanted:
        return False
    print(f"making a Python environment for the peers in {folder}", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options,
                    "-r", requirements], check=True)
    ready.write_text(wanted)
    return True


@functools.cache
def python():
    """A Python with Lightning and the PyTorch whose libraries the runner uses, in an environment of its own."""
    if sys.version_info[:2] != (3, 11):
        sys.exit("the peers need Python 3.11: LibTorch's wheels are made for it")
    if make_environment(environment, bench / "peers/requirements.txt", "--no-deps"):
        site = next(environment.glob("lib/python3*/site-packages"))
        (site / "libtorch.pth").write_text(f"{libtorch}\n")
    return environment / "bin/python"


@functools.cache
def optuna_python():
    """A Python with Optuna."""
    folder = cache / "bench-optuna"
    make_environment(folder, bench / "peers/optuna.txt", "--no-deps")
    return folder / "bin/python"


@functools.cache
def tracker_python():
    """A Python with MLflow, trackio and TensorBoard, and the runner's PyTorch."""
    folder = cache / "bench-trackers"
    if make_environment(folder, bench / "peers/answers.txt"):
        site = next(folder.glob("lib/python3*/site-packages"))
        (site / "libtorch.pth").write_text(f"{libtorch}\n")
    return folder / "bin/python"


def peer_variables(threads):
    """The environment of a peer. PyTorch came without bytecode: it is kept here, else every start would compile it."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    return {**kept, "OMP_NUM_THREADS": str(threads), "PYTHONPYCACHEPREFIX": str(environment / "pycache")}


@functools.cache
def mnist():
    """The folder that holds MNIST unpacked, as the runner finds it or makes it."""
    with tempfile.TemporaryDirectory() as folder:
        out = subprocess.run([binaries / "runner", "run", recipe, "--json", "train.max_steps=1", "--db", "runs.db"],
                             stdout=subprocess.PIPE, check=True, cwd=folder).stdout
    data = json.loads(out.splitlines()[0])["data"]
    if data["dataset"] != "mnist":
        sys.exit("MNIST was not found; name a folder that holds mnist/ by RUNNER_DATA_DIR")
    return Path(data["files"]["train-images"]).parent
