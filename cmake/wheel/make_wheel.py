"""Makes a wheel of a finished build: `./dev wheel`.

The wheel has the installed tree in the package `runner`, so that everything in it finds the rest, and the torch beside
it, by paths relative to itself. Libraries that only some systems have are grafted in by auditwheel."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wheel.wheelfile import WheelFile

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLATFORM = "manylinux_2_36_x86_64"  # Debian 12's C library, on which it is built

# What the packages torch and pyarrow have, and CUDA's, which are opened where there is a GPU.
OTHERS = ["libtorch*.so", "libc10*.so", "libgomp.so.1", "libarrow.so.*", "libparquet.so.*", "libcu*.so.*", "libnv*.so.*",
          "libnccl.so.*"]


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def pinned(name):
    found = re.search(rf"^{name}==(\S+)", (ROOT / "cmake/libtorch.txt").read_text(), re.M)
    return found.group(1)


def version():
    return re.search(r"project\(runner VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def stand_in(library, libtorch, to):
    """A library of that name with all that libtorch_cpu.so wants of it."""
    symbols = subprocess.run(["nm", "-D", "--undefined-only", libtorch / "torch/lib/libtorch_cpu.so"], check=True,
                             capture_output=True, text=True).stdout
    names = sorted(set(re.findall(rf" U (\w+)@{re.escape(library)}$", symbols, re.M)))
    if not names:
        return  # a LibTorch that was built without CUDA
    with tempfile.TemporaryDirectory() as folder:
        special = {"cudaGetErrorString", "cuptiGetResultString"}
        Path(folder, "names.h").write_text("".join(f"RUNNER_ABSENT({name})\n" for name in names if name not in special))
        Path(folder, "versions").write_text(f"{library} {{ global: {'; '.join(names)}; local: *; }};\n")
        to.mkdir(exist_ok=True)
        run("cc", "-O1", "-shared", "-fPIC", "-Wno-builtin-declaration-mismatch", f"-I{folder}", HERE / "no_cuda.c",
            f"-Wl,-soname,{library}", f"-Wl,--version-script,{folder}/versions", "-o", to / library)


def set_search_path(program, *folders):
    """As DT_RPATH: it holds for what torch's libraries look for, too."""
    run("patchelf", "--force-rpath", "--set-rpath", ":".join(folders), program)


def libcurl():
    for line in subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout.splitlines():
        if line.strip().startswith("libcurl.so.4 ") and "x86-64" in line:
            return Path(line.split("=> ")[1]).resolve()
    sys.exit("make_wheel: libcurl.so.4 is not installed (Debian: apt install libcurl4)")


def make_tree(build, libtorch, tree):
    package = tree / "runner"
    subprocess.run(["cmake", "--install", build, "--prefix", package, "--strip"], check=True, stdout=subprocess.DEVNULL)
    (package / "__init__.py").write_text('"""The program `runner`; python -m runner starts it."""\n')
    shutil.copy(HERE / "main.py", package / "__main__.py")

    libexec = package / "libexec/runner"
    for library in ("libcudart.so.13", "libcupti.so.13"):
        stand_in(library, libtorch, libexec / "no-cuda")
    for name in ("runner-worker", "librunner-cuda.so"):
        if (libexec / name).exists():
            set_search_path(libexec / name, "$ORIGIN/../../../torch/lib", "$ORIGIN/no-cuda")
    set_search_path(libexec / "librunner-parquet.so", "$ORIGIN/../../../pyarrow")
    # Opened when something has to be fetched.
    (package / "lib").mkdir()
    shutil.copy(libcurl(), package / "lib/libcurl.so.4")
    set_search_path(package / "bin/runner", "$ORIGIN/../lib")

    data = tree / f"runner-{version()}.data"
    for folder in ("man", "bash-completion", "zsh", "fish"):
        (data / "data/share").mkdir(parents=True, exist_ok=True)
        shutil.move(package / "share" / folder, data / "data/share" / folder)
    (data / "scripts").mkdir()
    launcher = data / "scripts/runner"
    shutil.copy(HERE / "runner.sh", launcher)
    launcher.chmod(0o755)

    info = tree / f"runner-{version()}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: runner\nVersion: {version()}\n"
        "Summary: A declarative experiment runner in C++: recipes in YAML, training on LibTorch, runs in SQLite\n"
        f"Requires-Python: >=3.10\nRequires-Dist: torch=={pinned('torch')}\nRequires-Dist: pyarrow=={pinned('pyarrow')}\n"
        "Description-Content-Type: text/markdown\n\n" + (ROOT / "README.md").read_text())
    (info / "WHEEL").write_text(
        "Wheel-Version: 1.0\nGenerator: make_wheel.py\nRoot-Is-Purelib: false\nTag: py3-none-linux_x86_64\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("build", "libtorch", "to"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        tree.mkdir()
        make_tree(arguments.build, arguments.libtorch, tree)
        raw = Path(folder, f"runner-{version()}-py3-none-linux_x86_64.whl")
        with WheelFile(raw, "w") as wheel:
            wheel.write_files(tree)
        arguments.to.mkdir(parents=True, exist_ok=True)
        for old in arguments.to.glob("runner-*.whl"):
            old.unlink()
        excluded = [word for name in OTHERS for word in ("--exclude", name)]
        run(sys.executable, "-m", "auditwheel", "repair", "--plat", PLATFORM, "--only-plat", *excluded, "-w", arguments.to, raw)
    made = next(arguments.to.glob("runner-*.whl"))
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
