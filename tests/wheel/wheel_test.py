"""The wheel, installed by pip in a new virtual environment, on a PATH without a compiler, beside a torch without CUDA.

torch and pyarrow are what ./dev has unpacked, linked into the environment instead of being fetched once more."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["RUNNER_BINARY_DIR"]).parent
LIBTORCH = Path(os.environ["RUNNER_LIBTORCH"])
TOOLS = os.environ.get("RUNNER_WHEEL_TOOLS")

SWEEP = """\
extends: RECIPE
name: pair
train: {epochs: 1}
matrix:
  optimizer.lr: [0.1, 0.01]
"""


@unittest.skipUnless(TOOLS, "skipped: no tools that make wheels; ./dev test installs them")
class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        home = Path(cls.folder.name)
        made = {"PATH": f"{TOOLS}/bin:{os.environ['PATH']}", "PYTHONPATH": TOOLS}
        subprocess.run([sys.executable, "-B", ROOT / "cmake/wheel/make_wheel.py", "--build", BUILD, "--libtorch", LIBTORCH,
                        "--to", home], check=True, capture_output=True, env={**os.environ, **made})
        (cls.wheel,) = home.glob("*.whl")
        venv = home / "venv"
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "--quiet", "--no-deps", cls.wheel], check=True)
        (site,) = venv.glob("lib/python3*/site-packages")
        (site / "pyarrow").symlink_to(LIBTORCH / "pyarrow")
        # Without libtorch_cuda, and where NVIDIA's packages would be there is nothing.
        shutil.copytree(LIBTORCH / "torch/lib", site / "torch/lib", copy_function=os.symlink,
                        ignore=shutil.ignore_patterns("libtorch_cuda*", "libc10_cuda*"))
        cls.site, cls.bin = site, venv / "bin"
        # What a machine has that never compiles: a shell and its tools, by name.
        tools = home / "tools"
        tools.mkdir()
        for name in ("sh", "readlink", "dirname", "uname", "git"):
            if found := shutil.which(name):
                (tools / name).symlink_to(found)
        cls.environment = {"HOME": str(home), "PATH": f"{cls.bin}:{tools}", "LC_ALL": "C.UTF-8"}
        cls.work = home / "work"
        cls.work.mkdir()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def runner(self, *words, program=("runner",), code=0, **environment):
        program = [self.bin / program[0], *program[1:]]
        done = subprocess.run([*program, *words], cwd=self.work, env={**self.environment, **environment},
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_it_is_for_any_python_and_for_debian_12_and_newer(self):
        self.assertRegex(self.wheel.name, r"^runner-[\d.]+-py3-none-manylinux_2_36_x86_64\.whl$")
        metadata = next(self.site.glob("runner-*.dist-info/METADATA")).read_text()
        for name in ("torch", "pyarrow"):
            self.assertRegex(metadata, rf"\nRequires-Dist: {name}==[\d.]+\n")

    def test_it_trains_lists_and_exports_without_a_compiler_and_without_cuda(self):
        ran = self.runner("run", "synthetic", "train.epochs=1", "name=first")
        self.assertIn("share/runner/recipes/synthetic.yaml", ran.stdout)
        listed = json.loads(self.runner("list", "--json").stdout)
        self.assertIn(("first", "done"), [(run["name"], run["status"]) for run in listed])
        self.runner("export", "first", "--to", "points.parquet")
        self.runner("export", "first", "--to", "weights.safetensors")
        self.assertEqual((self.work / "points.parquet").read_bytes()[:4], b"PAR1")

    def test_it_sweeps(self):
        recipe = next(self.site.glob("runner/share/runner/recipes/synthetic.yaml"))
        (self.work / "pair.yaml").write_text(SWEEP.replace("RECIPE", str(recipe)))
        self.runner("run", "pair")
        best = json.loads(self.runner("sweep", "show", "pair", "--json").stdout)
        self.assertEqual(len([run for run in json.loads(self.runner("list", "--json").stdout) if run["name"] == "pair"]), 2, best)

    def test_python_m_runner_is_the_same_program(self):
        self.assertEqual(self.runner("--version", program=("python", "-m", "runner")).stdout, self.runner("--version").stdout)

    def test_a_data_set_that_is_not_there_is_asked_for_by_what_to_put_where(self):
        said = self.runner("run", "mnist", "dataset.fallback=null", code=1, RUNNER_MIRROR="http://127.0.0.1:1").stderr
        self.assertIn("or put them in $RUNNER_DATA_DIR/mnist", said)
        self.assertNotIn("libcurl", said)

    def test_manual_pages_and_completions_are_where_shells_look(self):
        prefix = self.bin.parent
        for file in ("man/man1/runner.1", "man/man1/runner-run.1", "bash-completion/completions/runner",
                     "zsh/site-functions/_runner", "fish/vendor_completions.d/runner.fish"):
            self.assertTrue((prefix / "share" / file).is_file(), file)

    def test_the_page_answers(self):
        self.runner("run", "synthetic", "train.epochs=1", "name=shown")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        page = subprocess.Popen([self.bin / "runner", "ui", "--no-browser", "--port", str(port)], cwd=self.work,
                                env=self.environment, stdout=subprocess.PIPE, text=True)
        try:
            address = page.stdout.readline().split()[-1]
            self.assertTrue(address.startswith("http://127.0.0.1:"), address)
            with urllib.request.urlopen(address, timeout=30) as answer:
                self.assertEqual(answer.status, 200)
                self.assertIn(b"<html", answer.read())
        finally:
            page.terminate()
            page.wait(30)
            page.stdout.close()


if __name__ == "__main__":
    unittest.main()
