"""Takes the README's pictures of `runner ui`: docs/ui-*.png. usage: screenshots.py (MNIST is needed; minutes)"""
import sys
import tempfile
from pathlib import Path

from page import Browser, Server, missing, query, run, source, wait_until

recipes = {
    "wide.yaml": "name: wide\nmodel: {name: mlp, hidden: [128]}\ntrain: {epochs: 3}\n",
    "narrow.yaml": "name: narrow\nmodel: {name: mlp, hidden: [32]}\ntrain: {epochs: 3}\n",
    "dropout.yaml": "name: dropout\nmodel: {name: mlp, hidden: [128], dropout: 0.4}\ntrain: {epochs: 3}\n",
}
common = f"""extends: {source}/recipes/mnist.yaml
loss: cross_entropy
optimizer: {{name: adamw, lr: 0.001}}
scheduler: constant
eval: {{batch_size: 1000, every: 200 steps, metrics: [confusion_matrix]}}
save: {{every: null}}
"""
grid = common + """name: mnist_grid
train: {max_steps: 200}
matrix:
  optimizer.lr: [0.0003, 0.001, 0.003, 0.01]
  model: [{name: mlp, hidden: [16]}, {name: mlp, hidden: [64]}, {name: mlp, hidden: [256]}]
  seed: [1, 2]
search: {strategy: grid, metric: eval/accuracy, mode: max}
""".replace("  model: [{name: mlp, hidden: [16]}, {name: mlp, hidden: [64]}, {name: mlp, hidden: [256]}]", "  model.hidden: [[16], [64], [256]]")


def make_runs(folder):
    for name, text in recipes.items():
        (folder / name).write_text(common + text)
        run(folder, "run", name, "--quiet")
    (folder / "grid.yaml").write_text(grid.replace("matrix:", "model: mlp\nmatrix:"))
    run(folder, "run", "grid.yaml", "--quiet")


def take(page, name):
    page.wait_for_timeout(500)
    page.screenshot(path=source / f"docs/ui-{name}.png")


def main():
    if missing():
        sys.exit(f"needed: {missing()}")
    (source / "docs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        folder = Path(folder)
        make_runs(folder)
        ids = [query(folder, "SELECT id FROM runs WHERE name = ?", name)[0] for name in ["wide", "narrow", "dropout"]]
        sweep = query(folder, "SELECT id FROM sweeps")[0]
        with Server(folder) as server:
            page = browser.page(server, f"/?runs={','.join(ids)}&where=not+name+%3D%3D+mnist_grid&smooth=0.7")
            wait_until(lambda: page.locator("path[data-series]").count() >= 9, "curves")
            take(page, "runs")
            page = browser.page(server, f"/run/{ids[0]}?tab=confusion", color_scheme="dark")
            page.wait_for_selector("table.matrix")
            take(page, "run")
            page = browser.page(server, f"/sweep/{sweep}")
            page.wait_for_selector("section#parallel path")
            take(page, "sweep")


main()
