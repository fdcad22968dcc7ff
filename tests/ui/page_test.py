"""The page of `runner ui` in a real Chromium, with real runs. usage: page_test.py [NAME ...]"""
import http.client
import json
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from page import Browser, Server, missing, query, recipe, run, runner, wait_until

small = ["train.epochs=2", "eval={batch_size: 1000, every: 50 steps, metrics: [confusion_matrix]}"]
sweep = f"""extends: {recipe}
name: grid
train: {{max_steps: 20}}
save: {{every: null}}
matrix: {{optimizer.lr: [0.001, 0.003, 0.01], model.hidden: [[16], [64]]}}
search: {{strategy: grid, metric: eval/loss, mode: min}}
"""


class OfAPage(unittest.TestCase):
    """A database with two runs and a sweep of six, made once; a browser."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="runner-ui-")))
        run(cls.folder, "run", recipe, "optimizer.lr=0.001", *small)
        run(cls.folder, "run", recipe, "optimizer.lr=0.01", *small)
        (cls.folder / "grid.yaml").write_text(sweep)
        run(cls.folder, "run", "grid.yaml")
        cls.server = cls.enterClassContext(Server(cls.folder))
        cls.browser = cls.enterClassContext(Browser())
        cls.first = query(cls.folder, "SELECT min(id) FROM runs WHERE name = 'synthetic'")[0]
        cls.second = query(cls.folder, "SELECT max(id) FROM runs WHERE name = 'synthetic'")[0]
        cls.sweep = query(cls.folder, "SELECT id FROM sweeps")[0]

    def setUp(self):
        self.browser.complaints.clear()

    def open(self, path="/", **options):
        page = self.browser.page(self.server, path, **options)
        self.addCleanup(page.context.close)
        return page

    def views(self):
        return {"/": "tr[data-run]", f"/?runs={self.first},{self.second}": "path[data-series]", "/?group=optimizer.lr": "tr.section",
                f"/run/{self.first}": "path[data-series]", f"/run/{self.first}?tab=config": "table.config",
                f"/run/{self.first}?tab=metrics": "td", f"/run/{self.first}?tab=logs": "pre.log", f"/run/{self.first}?tab=confusion": "table.matrix",
                f"/run/{self.first}?tab=system": "path[data-series]", f"/run/{self.first}?tab=checkpoints": "td, .empty",
                f"/run/{self.first}?tab=recipe": "pre.text", f"/compare?runs={self.first},{self.second}": "tr.differs",
                "/sweeps": "td", f"/sweep/{self.sweep}": "section#parallel path", "/about": "pre.text"}


class Live(unittest.TestCase):
    def test_a_run_that_is_started_appears_and_its_curve_grows_without_a_reload(self):
        with tempfile.TemporaryDirectory(prefix="runner-ui-") as name, Browser() as browser:
            folder = Path(name)
            (folder / ".runner").mkdir()
            with Server(folder) as server:
                page = browser.page(server)
                wait_until(lambda: "No runs yet" in page.inner_text(".summary"), "an empty list")
                page.evaluate("window.isTheSamePage = true")
                training = subprocess.Popen([runner(), "run", str(recipe), "train.epochs=100000", "--quiet"], cwd=folder)
                try:
                    page.wait_for_selector("tr[data-run]")
                    page.check("tr[data-run] input[type=checkbox]")
                    card = page.locator("article[data-metric='train/loss']")
                    card.wait_for()

                    def last_step():
                        return int(card.get_attribute("data-last-step") or 0)

                    wait_until(lambda: last_step() > 0, "a curve")
                    seen = [last_step()]
                    drawn = [card.locator("path[data-series]").first.get_attribute("d")]
                    for _ in range(3):
                        wait_until(lambda: last_step() > seen[-1], f"a curve beyond step {seen[-1]}")
                        seen.append(last_step())
                        drawn.append(card.locator("path[data-series]").first.get_attribute("d"))
                    self.assertEqual(len(set(drawn)), 4)
                    self.assertIn("running", page.inner_text("tr[data-run]"))
                finally:
                    training.send_signal(signal.SIGINT)
                    training.wait(timeout=60)
                wait_until(lambda: "interrupted" in page.inner_text("tr[data-run]"), "the run's end")
                self.assertTrue(page.evaluate("window.isTheSamePage"))
                self.assertEqual(browser.complaints, [])

    def test_a_page_says_when_the_server_is_gone_and_goes_on_when_it_is_back(self):
        with tempfile.TemporaryDirectory(prefix="runner-ui-") as name, Browser() as browser:
            folder = Path(name)
            run(folder, "run", recipe, "train.max_steps=5", "eval.every=null", "--quiet")
            server = Server(folder)
            page = browser.page(server)
            page.wait_for_selector("tr[data-run]")
            server.stop()
            wait_until(lambda: "Server gone" in page.inner_text("#live"), "the word that the server is gone")
            self.assertEqual(page.locator("tr[data-run]").count(), 1)
            with Server(folder, "--port", server.port) as again:
                wait_until(lambda: "open the address that" in page.inner_text("#live"), "the word that it has started anew")
                page.goto(again.address)
                wait_until(lambda: page.inner_text("#live") == "Live", "a new start")


class Lists(OfAPage):
    def test_a_filter_narrows_the_list_and_stands_in_the_address(self):
        page = self.open()
        page.wait_for_selector("tr[data-run]")
        page.keyboard.press("/")
        page.keyboard.type("name == synthetic and optimizer.lr > 0.005")
        wait_until(lambda: page.locator("tr[data-run]").count() == 1, "one run")
        self.assertIn("1 run", page.inner_text(".summary"))
        self.assertIn("where=name+%3D%3D+synthetic", page.url)

    def test_a_mistake_in_a_filter_is_shown_under_it_with_its_place(self):
        page = self.open()
        page.fill("[aria-label=Filter]", "eval/acuracy > 1")
        error = page.locator("pre.error")
        error.wait_for()
        self.assertEqual(error.inner_text(), "no run has a metric, config path or column 'eval/acuracy'; did you mean 'eval/accuracy'?\n"
                                             "  eval/acuracy > 1\n  ^")
        self.assertEqual(page.get_attribute("[aria-label=Filter]", "aria-invalid"), "true")
        page.fill("[aria-label=Filter]", "")
        error.wait_for(state="hidden")

    def test_a_header_sorts_by_its_column(self):
        page = self.open("/?columns=name,optimizer.lr")
        page.wait_for_selector("tr[data-run]")
        values = lambda: [float(each) for each in page.locator("tr[data-run] td:nth-child(3)").all_inner_texts()]  # noqa: E731
        page.click("th button:has-text('optimizer.lr')")
        wait_until(lambda: values() == sorted(values(), reverse=True), "the greatest first")
        page.click("th button:has-text('optimizer.lr')")
        wait_until(lambda: values() == sorted(values()), "the least first")
        self.assertEqual(page.get_attribute("th:has-text('optimizer.lr')", "aria-sort"), "ascending")

    def test_columns_are_chosen_and_runs_are_grouped(self):
        page = self.open()
        page.wait_for_selector("tr[data-run]")
        page.click("text=Columns")
        page.fill("[aria-label='Find a column']", "hidden")
        page.check("label:text-is('model.hidden')")
        page.keyboard.press("Escape")
        page.wait_for_selector("th:has-text('model.hidden')")
        page.select_option("[aria-label='Group by']", "model.hidden")
        page.wait_for_selector("tr.section")
        self.assertEqual(page.locator("tr.section").count(), 2)
        page.click("tr.section >> nth=0 >> button")
        wait_until(lambda: page.locator("tr[data-run]").count() == 3, "the three runs of a group")

    def test_an_address_leads_to_the_same_view(self):
        page = self.open(f"/?where=name+%3D%3D+synthetic&sort=optimizer.lr&columns=name,optimizer.lr&runs={self.second}&logy=1&smooth=0.5&x=epoch&metrics=loss")
        page.wait_for_selector("article[data-metric='train/loss'] path[data-series]")
        self.assertEqual(page.input_value("[aria-label=Filter]"), "name == synthetic")
        self.assertEqual(page.locator("tr[data-run]").count(), 2)
        self.assertTrue(page.is_checked(f"[aria-label='Select {self.second}']"))
        self.assertTrue(page.is_checked("text=Log y"))
        self.assertEqual(page.locator("article").count(), 2)
        page.click(".legend a")
        page.wait_for_selector("h1:has-text('synthetic')")
        page.go_back()
        page.wait_for_selector("tr[data-run]")
        self.assertEqual(page.input_value("[aria-label=Filter]"), "name == synthetic")

    def test_a_list_is_used_by_keys_alone(self):
        page = self.open("/?sort=name")
        page.wait_for_selector("tr[data-run]")
        page.keyboard.press("/")
        for _ in range(40):  # to the table
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('tr[data-run]')"):
                break
        focused = lambda: page.evaluate("document.activeElement.dataset.run")  # noqa: E731
        top = focused()
        page.keyboard.press("ArrowDown")
        below = focused()
        self.assertNotEqual(top, below)
        page.keyboard.press("Space")
        page.wait_for_selector("text=1 run selected")
        self.assertEqual(focused(), below)
        page.keyboard.press("End")
        page.keyboard.press("Home")
        self.assertEqual(focused(), top)
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=tablist]")
        self.assertTrue(page.url.endswith(top))


class Runs(OfAPage):
    def test_tags_note_and_name_are_edited_in_place_and_are_in_the_store(self):
        page = self.open(f"/run/{self.first}")
        page.fill("[aria-label='Add a tag']", "baseline")
        page.keyboard.press("Enter")
        page.wait_for_selector(".tag:has-text('baseline')")
        page.click("text=Add a note")
        page.fill("[aria-label=Note]", "Learns slowly.")
        page.click("text=Save note")
        page.wait_for_selector(".note p:has-text('Learns slowly.')")
        page.click("text=Rename")
        page.fill("[aria-label=Name]", "slow")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('slow')")
        self.assertEqual(query(self.folder, "SELECT name, note FROM runs WHERE id = ?", self.first), ("slow", "Learns slowly."))
        self.assertEqual(query(self.folder, "SELECT tag FROM tags WHERE run_id = ?", self.first), ("baseline",))

        page.fill("[aria-label='Add a tag']", "not one")
        page.keyboard.press("Enter")
        page.wait_for_selector("text='not one' is no tag")
        page.click("[aria-label='Remove baseline']")
        wait_until(lambda: query(self.folder, "SELECT count(*) FROM tags")[0] == 0, "the tag's end")
        page.click("text=Rename")
        page.fill("[aria-label=Name]", "synthetic")
        page.click("text=Save")
        page.wait_for_selector("h1:has-text('synthetic')")

    def test_a_run_shows_where_each_value_came_from(self):
        page = self.open(f"/run/{self.first}?tab=config")
        row = page.locator("tr:has(th:text-is('optimizer.lr'))")
        row.wait_for()
        self.assertEqual(row.locator("td").all_inner_texts(), ["0.001", "argument optimizer.lr=0.001"])

    def test_a_confusion_matrix_counts_every_sample(self):
        page = self.open(f"/run/{self.first}?tab=confusion")
        page.wait_for_selector("table.matrix")
        counts = [int(each or 0) for each in page.locator("td.heat").all_inner_texts()]
        self.assertEqual((len(counts), sum(counts)), (100, 2000))

    def test_tabs_are_turned_by_arrows_and_kept_in_the_address(self):
        page = self.open(f"/run/{self.first}")
        page.focus("[role=tab] >> nth=0")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("table.config")
        self.assertTrue(page.url.endswith("?tab=config"))

    def test_a_chart_is_zoomed_read_and_saved(self):
        page = self.open(f"/run/{self.first}?metrics=train/loss")
        card = page.locator("article[data-metric='train/loss']")
        card.locator("path[data-series]").wait_for()
        box = card.locator("svg").bounding_box()
        page.mouse.move(box["x"] + 150, box["y"] + 60)
        card.locator(".tip strong").wait_for()
        self.assertIn("step", card.locator(".tip").inner_text())
        page.mouse.down()
        page.mouse.move(box["x"] + 250, box["y"] + 60, steps=4)
        page.mouse.up()
        card.locator("text=Whole curve").wait_for()
        whole = int(card.get_attribute("data-points"))
        wait_until(lambda: int(card.get_attribute("data-points")) < whole or whole < 40, "a part of the curve")
        card.locator("svg").focus()
        page.keyboard.press("0")
        card.locator("text=Whole curve").wait_for(state="hidden")
        page.keyboard.press("ArrowRight")
        card.locator(".tip strong").wait_for()
        starts = {"PNG": b"\x89PNG", "SVG": b"<svg ", "CSV": b"run,name,metric,step"}
        for kind, start in starts.items():
            with page.expect_download() as download:
                card.locator(f"text={kind}").click()
            content = Path(download.value.path()).read_bytes()
            self.assertEqual(content[:len(start)], start)
            self.assertEqual(download.value.suggested_filename, f"train_loss.{kind.lower()}")

    def test_a_comparison_shows_what_differs(self):
        page = self.open(f"/compare?runs={self.first},{self.second}")
        row = page.locator("tr.differs")
        row.wait_for()
        self.assertEqual(row.locator("th, td").all_inner_texts(), ["optimizer.lr", "0.001", "0.01"])

    def test_a_sweep_is_drawn_with_all_its_trials(self):
        page = self.open(f"/sweep/{self.sweep}")
        page.wait_for_selector("section#parallel path")
        self.assertEqual(page.locator("section#parallel path").count(), 6)
        self.assertEqual(page.locator("section#heat-map g.cell").count(), 6)
        self.assertIn("optimizer.lr", page.get_attribute("section#importance svg", "aria-label"))
        page.locator("section#parallel path").first.dispatch_event("click")
        page.wait_for_selector("[role=tablist]")


class Safety(OfAPage):
    def ask(self, path="/api/runs", method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, json.loads(text)["error"] if answer.status >= 400 else text

    def test_nothing_is_told_without_the_token_to_another_host_or_to_another_page(self):
        bearer = f"Bearer {self.server.token}"
        self.assertEqual(self.ask()[0], 403)
        self.assertEqual(self.ask(Authorization=bearer)[0], 200)
        self.assertEqual(self.ask(Authorization=bearer, Host="evil.example"),
                         (403, f"this page answers as 127.0.0.1:{self.server.port} and localhost:{self.server.port}, not as 'evil.example'"))
        self.assertEqual(self.ask(Authorization=bearer, Origin="http://evil.example")[0], 403)
        self.assertEqual(self.ask(f"/api/run/{self.first}", "PATCH", '{"note": "x"}', Authorization=bearer)[0], 403)
        self.assertEqual(self.ask("/api/events")[0], 403)

    def test_it_listens_on_this_machine_alone(self):
        sockets = subprocess.run(["ss", "-Hltn", f"sport = :{self.server.port}"], capture_output=True, text=True, check=True).stdout.split()
        self.assertIn(f"127.0.0.1:{self.server.port}", sockets)
        self.assertNotIn(f"0.0.0.0:{self.server.port}", sockets)

    def test_the_token_leaves_the_address_at_once(self):
        page = self.open()
        page.wait_for_selector("tr[data-run]")
        self.assertEqual(page.url, self.server.base + "/")
        cookie, = page.context.cookies()
        self.assertTrue(cookie["httpOnly"])
        self.assertEqual(cookie["sameSite"], "Strict")

    def test_a_link_from_another_page_works_although_the_cookie_is_strict(self):
        page = self.open()
        page.set_content(f"<a href='{self.server.address}'>open</a>")
        page.context.clear_cookies()
        page.goto("data:text/html," + f"<a href='{self.server.address}'>open</a>")
        page.click("a")
        page.wait_for_selector("tr[data-run]")

    def test_who_only_reads_sees_no_editing_and_changes_nothing(self):
        with Server(self.folder, "--read-only") as server:
            page = self.browser.page(server, f"/run/{self.first}")
            page.wait_for_selector("[role=tablist]")
            for name in ["Rename", "Add a note", "Archive"]:
                self.assertEqual(page.locator(f"button:has-text('{name}')").count(), 0)
            self.assertEqual(page.locator("[aria-label='Add a tag']").count(), 0)
            status = page.evaluate("async (id) => (await fetch(`/api/run/${id}`, {method: 'PATCH', body: '{\"note\": \"x\"}'})).status", self.first)
            self.assertEqual(status, 403)
            self.assertIsNone(query(self.folder, "SELECT note FROM runs WHERE id = ?", self.second)[0])
            page.context.close()

    def test_no_view_breaks_the_content_security_policy(self):
        for path, ready in self.views().items():
            with self.subTest(path):
                page = self.open(path)
                page.wait_for_selector(ready, state="attached")
                page.wait_for_timeout(300)
        broken = [text for text in self.browser.complaints if not text.startswith("Failed to load resource")]
        self.assertEqual(broken, [])


class Accessible(OfAPage):
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def violations(self, page, rules):
        """What axe finds: the rule, and where it is broken."""
        import axe_playwright_python
        page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
        return page.evaluate("async (rules) => (await axe.run(document, {runOnly: rules})).violations"
                             ".map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)", rules)

    def check_views(self, scheme, rules):
        for path, ready in self.views().items():
            with self.subTest(path):
                page = self.open(path, color_scheme=scheme)
                page.wait_for_selector(ready, state="attached")
                page.wait_for_timeout(200)
                self.assertEqual(self.violations(page, rules), [])
                page.close()

    def test_every_view_meets_wcag_aa(self):
        self.check_views("light", self.rules)

    def test_every_view_has_the_contrast_of_wcag_aa_in_the_dark(self):
        self.check_views("dark", ["color-contrast"])

    def test_the_check_sees_what_is_hard_to_read(self):
        page = self.open("/about")
        page.evaluate("() => { const p = document.createElement('p'); p.textContent = 'faint'; p.style.color = '#bbb'; document.querySelector('main').append(p); }")
        self.assertIn("color-contrast", self.violations(page, self.rules)[0])

    def test_no_view_is_wider_than_a_telephone(self):
        for path, ready in self.views().items():
            with self.subTest(path):
                page = self.open(path, viewport={"width": 400, "height": 800})
                page.wait_for_selector(ready, state="attached")
                page.wait_for_timeout(200)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 400)
                page.close()

    def test_the_colours_are_chosen_and_kept(self):
        page = self.open()
        page.select_option("#theme", "dark")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")
        page.reload()
        page.wait_for_selector("tr[data-run]")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")


if __name__ == "__main__":
    if missing():
        print(f"skipped: {missing()}")
        sys.exit(0)
    unittest.main(verbosity=2)
