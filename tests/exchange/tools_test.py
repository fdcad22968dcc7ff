"""Whether other programs read what `runner export` writes, and it reads what they write. usage: tools_test.py [NAME ...]"""
import contextlib
import importlib.util
import json
import math
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

sys.path[:0] = os.environ.get("RUNNER_TEST_PYTHONPATH", "").split(":")
source = Path(__file__).resolve().parents[2]


def missing():
    """What this machine lacks for these tests; empty when it has all."""
    lacking = [name for name in ("mlflow", "pyarrow", "pytorch_lightning", "tensorboard", "torch") if not importlib.util.find_spec(name)]
    return f"no {lacking[0]} (./dev test installs it)" if lacking else ""


class InAFolder(unittest.TestCase):
    """A folder with a database of two runs, and one with nothing."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="runner-exchange-")))
        for rate in (0.001, 0.01):
            cls.run_in(cls.folder, "run", source / "recipes/synthetic.yaml", f"optimizer.lr={rate}", "train.max_steps=40",
                       "eval.every=20 steps", "--quiet")
        cls.first, cls.second = [row[0] for row in cls.query("SELECT id FROM runs ORDER BY id")]
        cls.run_in(cls.folder, "tag", cls.first, "--add", "good")
        cls.run_in(cls.folder, "note", cls.first, "the first of two")
        cls.empty = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="runner-exchange-")))
        # One point that no number says.
        with contextlib.closing(sqlite3.connect(cls.folder / ".runner/experiments.db")) as database, database:
            database.execute("UPDATE points SET value = NULL WHERE step = 20 AND series_id ="
                             " (SELECT id FROM series WHERE run_id = ? AND name = 'eval/loss')", [cls.second])

    @staticmethod
    def run_in(folder, *arguments):
        program = Path(os.environ.get("RUNNER_BINARY_DIR", source / "build/release/bin")) / "runner"
        done = subprocess.run([program, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @classmethod
    def query(cls, sql, *parameters, folder=None):
        with contextlib.closing(sqlite3.connect((folder or cls.folder) / ".runner/experiments.db")) as database:
            return database.execute(sql, parameters).fetchall()

    def points(self, run, metric, folder=None):
        """[(step, value)]"""
        return [(step, math.nan if value is None else value) for step, value in self.query(
            "SELECT step, value FROM metrics WHERE run_id = ? AND name = ? ORDER BY step", run, metric, folder=folder)]

    def assert_same_points(self, found, wanted, places=7):
        self.assertEqual([step for step, _ in found], [step for step, _ in wanted])
        for (_, left), (_, right) in zip(found, wanted):
            if not (math.isnan(left) and math.isnan(right)):
                self.assertAlmostEqual(left, right, places)


class Parquet(InAFolder):
    def test_pyarrow_reads_the_points_of_several_runs(self):
        import pyarrow.parquet
        self.run_in(self.folder, "export", self.first, self.second, "--to", "points.parquet")
        table = pyarrow.parquet.read_table(self.folder / "points.parquet")
        self.assertEqual([str(field.type) for field in table.schema],
                         ["string", "string", "string", "int64", "double", "double", "timestamp[ms, tz=UTC]"])
        rows = table.to_pylist()
        self.assertEqual(len(rows), self.query("SELECT count(*) FROM points")[0][0])
        for run in (self.first, self.second):
            found = [(row["step"], row["value"]) for row in rows if row["run_id"] == run and row["metric"] == "eval/loss"]
            self.assert_same_points(found, self.points(run, "eval/loss"), 15)

    def test_a_wide_table_has_a_column_for_each_metric(self):
        import pyarrow.parquet
        self.run_in(self.folder, "export", "last", "--wide", "--metric", "eval/*", "--to", "wide.parquet")
        table = pyarrow.parquet.read_table(self.folder / "wide.parquet")
        self.assertEqual(table.column_names, ["run_id", "run_name", "step", "epoch", "time", "eval/accuracy", "eval/loss"])
        self.assertEqual(table.column("step").to_pylist(), [20, 40])


class MLflow(InAFolder):
    def test_a_client_finds_parameters_metrics_with_their_history_tags_and_times(self):
        os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
        from mlflow.tracking import MlflowClient
        said = self.run_in(self.folder, "export", self.first, self.second, "--to", "mlflow.db")
        self.assertEqual(said, "mlflow.db: 2 runs; mlflow ui --backend-store-uri sqlite:///mlflow.db\n")
        client = MlflowClient(f"sqlite:///{self.folder}/mlflow.db")
        experiment = client.get_experiment_by_name("runner")
        runs = {run.info.run_id: run for run in client.search_runs([experiment.experiment_id])}
        self.assertEqual(set(runs), {self.first, self.second})
        first = runs[self.first]
        started, ended = self.query("SELECT started, ended FROM runs WHERE id = ?", self.first)[0]
        self.assertEqual((first.info.run_name, first.info.status, first.info.start_time, first.info.end_time),
                         ("synthetic", "FINISHED", started, ended))
        self.assertEqual(first.data.params["optimizer.lr"], "0.001")
        self.assertEqual(first.data.tags["good"], "true")
        self.assertEqual(first.data.tags["mlflow.note.content"], "the first of two")
        self.assertEqual(first.data.metrics["eval/loss"], self.points(self.first, "eval/loss")[-1][1])
        for run in runs:
            history = [(point.step, point.value) for point in client.get_metric_history(run, "eval/loss")]
            self.assert_same_points(sorted(history), self.points(run, "eval/loss"), 15)
        found = client.search_runs([experiment.experiment_id], "params.`optimizer.lr` = '0.01'")
        self.assertEqual([run.info.run_id for run in found], [self.second])
        client.set_tag(self.first, "read", "back")  # it is a store like any other


class TensorBoard(InAFolder):
    def ask(self, address, path, body=None):
        request = urllib.request.Request(address + path, json.dumps(body).encode() if body else None,
                                         {"Content-Type": "application/json"} if body else {})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def tensorboard(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen([sys.executable, "-B", "-m", "tensorboard.main", "--logdir", folder, "--port", str(port)],
                                   env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 120
            while True:
                with contextlib.suppress(OSError):
                    if self.ask(address, "/data/plugin/scalars/tags"):
                        break
                assert time.monotonic() < deadline and process.poll() is None, "TensorBoard does not answer"
                time.sleep(0.3)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)

    def test_the_real_tensorboard_shows_scalars_and_hyperparameters(self):
        self.run_in(self.folder, "export", self.first, self.second, "--format", "tensorboard", "--to", "events")
        with self.tensorboard(self.folder / "events") as address:
            tags = self.ask(address, "/data/plugin/scalars/tags")
            self.assertEqual(set(tags), {f"synthetic-{self.first}", f"synthetic-{self.second}"})
            for run in (self.first, self.second):
                metrics = [name for name, in self.query("SELECT name FROM series WHERE run_id = ? AND count > 0", run)]
                self.assertEqual(set(tags[f"synthetic-{run}"]), set(metrics))
                points = self.ask(address, f"/data/plugin/scalars/scalars?run=synthetic-{run}&tag=eval/loss")
                found = [(step, float(value)) for _, step, value in points]
                self.assert_same_points(found, self.points(run, "eval/loss"), 5)
            groups = self.ask(address, "/data/plugin/hparams/session_groups",
                              {"experimentName": "", "allowedStatuses": ["STATUS_SUCCESS"], "colParams": [{"hparam": "optimizer.lr"}],
                               "startIndex": 0, "sliceSize": 10})["sessionGroups"]
            self.assertEqual(sorted(group["hparams"]["optimizer.lr"] for group in groups), [0.001, 0.01])

    def test_what_was_exported_is_imported_again(self):
        self.run_in(self.folder, "export", self.second, "--format", "tensorboard", "--to", "again")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            told = json.loads(self.run_in(folder, "import", self.folder / "again", "--json"))
            self.assertEqual(told["name"], f"synthetic-{self.second}")
            self.assert_same_points(self.points(told["id"], "eval/loss", folder), self.points(self.second, "eval/loss"), 5)
            self.assertEqual(self.query("SELECT value FROM config WHERE path = 'optimizer.lr'", folder=folder), [(0.01,)])

    def test_what_pytorchs_writer_has_written_is_imported(self):
        from torch.utils.tensorboard import SummaryWriter
        logs = self.empty / "logs"
        with SummaryWriter(logs / "one") as writer:
            writer.add_scalar("loss", 0.5, 1)
            writer.add_scalar("loss", 0.25, 2)
            for step in (1, 2):
                writer.add_scalar("tensor", 0.125 * step, step, new_style=True, double_precision=True)
            writer.add_histogram("histogram", __import__("numpy").arange(10.0), 1)
            writer.add_text("text", "no scalar", 1)
        with SummaryWriter(logs / "two") as writer:
            writer.add_hparams({"lr": 0.5, "batch": 32, "optimizer": "sgd", "nesterov": True}, {"accuracy": 0.75}, run_name=".")
        told = [json.loads(line) for line in self.run_in(self.empty, "import", logs, "--json").splitlines()]
        self.assertEqual([(run["name"], run["outcome"]) for run in told], [("one", "came"), ("two", "came")])
        one, two = (run["id"] for run in told)
        self.assertEqual(self.points(one, "loss", self.empty), [(1, 0.5), (2, 0.25)])
        self.assertEqual(self.points(one, "tensor", self.empty), [(1, 0.125), (2, 0.25)])
        self.assertEqual(self.query("SELECT count(*) FROM series WHERE run_id = ?", one, folder=self.empty), [(2,)])
        self.assertEqual(dict(self.query("SELECT path, value FROM config WHERE run_id = ?", two, folder=self.empty)),
                         {"lr": 0.5, "batch": 32, "optimizer": "sgd", "nesterov": 1})  # PyTorch's writer takes True for a number
        again = [json.loads(line)["outcome"] for line in self.run_in(self.empty, "import", logs, "--json").splitlines()]
        self.assertEqual(again, ["there", "there"])
        with SummaryWriter(logs / "one") as writer:
            writer.add_scalar("loss", 0.125, 3)
        again = [json.loads(line) for line in self.run_in(self.empty, "import", logs, "--json").splitlines()]
        self.assertEqual([run["outcome"] for run in again], ["updated", "there"])
        self.assertEqual(self.points(one, "loss", self.empty), [(1, 0.5), (2, 0.25), (3, 0.125)])

    def test_what_a_run_gave_up_is_left_out_as_the_real_tensorboard_does(self):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from torch.utils.tensorboard import SummaryWriter
        logs = self.empty / "resumed"
        for first, last, more in ((0, 100, {}), (55, 90, {"purge_step": 55})):
            with SummaryWriter(logs, filename_suffix=f".{first}", **more) as writer:
                for step in range(first, last, 10):
                    writer.add_scalar("loss", step + first, step)
            time.sleep(1.1)  # files are read in the order of their names, which tell the second
        told = json.loads(self.run_in(self.empty, "import", logs, "--json"))
        expected = EventAccumulator(str(logs)).Reload().Scalars("loss")
        self.assertEqual(self.points(told["id"], "loss", self.empty), [(point.step, point.value) for point in expected])
        self.assertEqual(expected[-1].step, 85)


class Lightning(InAFolder):
    def test_what_its_csv_logger_has_written_is_imported(self):
        from pytorch_lightning.loggers import CSVLogger
        logger = CSVLogger(self.empty, "mnist")
        logger.log_hyperparams({"lr": 0.5, "model": {"name": "mlp", "hidden": [64, 32]}, "pair": (1, 2), "flag": True})
        for step in range(49, 200, 50):
            logger.log_metrics({"train_loss": 1 / (step + 1), "epoch": step // 100}, step)
        logger.log_metrics({"val_loss": 0.4, "epoch": 0}, 99)
        logger.log_metrics({"val_loss": math.nan, "epoch": 1}, 199)
        logger.finalize("success")
        told = json.loads(self.run_in(self.empty, "import", "mnist", "--json"))
        self.assertEqual((told["name"], told["outcome"]), ("mnist/version_0", "came"))
        found = self.query("SELECT name, step, epoch, value FROM metrics ORDER BY name, step", folder=self.empty)
        self.assertEqual(found, [("train_loss", 49, 0.5, 0.02), ("train_loss", 99, 1.0, 0.01), ("train_loss", 149, 1.5, 1 / 150),
                                 ("train_loss", 199, 2.0, 0.005), ("val_loss", 99, 1.0, 0.4), ("val_loss", 199, 2.0, None)])
        self.assertEqual(dict(self.query("SELECT path, value FROM config", folder=self.empty)),
                         {"lr": 0.5, "model.name": "mlp", "model.hidden": "[64,32]", "pair": "[1,2]", "flag": "true"})
        self.assertEqual(json.loads(self.run_in(self.empty, "import", "mnist", "--json"))["outcome"], "there")


if __name__ == "__main__":
    if missing():
        print(f"skipped: {missing()}")
        sys.exit(0)
    unittest.main(verbosity=2)
