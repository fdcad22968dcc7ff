// What the page is told, of a real database.
#include "runner/ui/site.hpp"

#include "experiments/annotations.hpp"
#include "experiments/matrices.hpp"
#include "runner/ui/assets.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>

using namespace runner;
using namespace runner::ui;

namespace {

/// A database with three runs, and a site that shows it.
class Shown {
 public:
  explicit Shown(bool read_only = false)
      : store_(Store::create_or_open(folder_.database())),
        site_(folder_.database(), Guard{"secret", 1, read_only}) {
    add("first", 0.1, 0.9);
    add("second", 0.2, 0.8);
    add("third", 0.2, std::nan(""));
  }

  Response answer(const std::string& method, const std::string& target,
                  const std::string& body = "") const {
    Request request;
    request.method = method;
    request.target = target;
    std::tie(request.path, request.query) = decode_target(target);
    request.host = "localhost:1";
    if (method != "GET") request.origin = "http://localhost:1";
    request.cookie = "runner_ui_1=secret";
    request.body = body;
    return site_.answer(request);
  }
  Json get(const std::string& target) const { return Json::parse(answer("GET", target).body); }
  std::string error(const std::string& target, int status) const {
    const auto response = answer("GET", target);
    CHECK(response.status == status);
    return Json::parse(response.body).at("error");
  }

  const std::string& id(std::size_t i) const { return ids_.at(i); }
  Database& database() { return store_.database(); }
  const TemporaryFolder& folder() const { return folder_; }
  Store& store() { return store_; }

 private:
  void add(const std::string& name, double lr, double accuracy) {
    auto run = example_run(name);
    run.settings = {{"optimizer.name", "sgd", "default"},
                    {"optimizer.lr", lr, "override"},
                    {"deterministic", true, "default"}};
    ids_.push_back(store_.begin(run));
    Recorder recorder(folder_.database(), ids_.back());
    for (int step = 1; step <= 10; ++step)
      recorder.record("train/loss", step, step / 10.0, 1.0 / step, 1000 * step);
    recorder.record("eval/accuracy", 10, 1, accuracy, 10'000);
    recorder.finish(Status::done);
  }

  TemporaryFolder folder_;
  Store store_;
  std::vector<std::string> ids_;
  Site site_;
};

std::vector<std::string> names_of(const Json& answer) {
  const auto columns = answer.at("columns").get<std::vector<std::string>>();
  const auto place = std::ranges::find(columns, "name") - columns.begin();
  std::vector<std::string> names;
  for (const auto& row : answer.at("rows"))
    names.push_back(row.at("values").at(static_cast<std::size_t>(place)));
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the page has runs sorted, filtered and cut") {
  const Shown shown;
  const auto all = shown.get("/api/runs?sort=optimizer.lr&columns=name,optimizer.lr");
  CHECK(all.at("total") == 3);
  CHECK(all.at("columns") == Json{"id", "name", "optimizer.lr"});
  CHECK(names_of(all) == Names{"first", "third", "second"});
  CHECK(names_of(shown.get("/api/runs?where=eval/accuracy+%3E+0.85&columns=name")) ==
        Names{"first"});
  const auto second = shown.get("/api/runs?sort=name&offset=1&limit=1&columns=name");
  CHECK(names_of(second) == Names{"second"});
  CHECK(second.at("total") == 3);
  CHECK(names_of(shown.get("/api/runs?offset=7&columns=name")).empty());
}

TEST_CASE("without columns the page has those of `runner list`") {
  CHECK(Shown().get("/api/runs").at("columns") ==
        Json{"id", "name", "status", "started", "duration", "eval/accuracy", "train/loss"});
}

TEST_CASE("a mistake in a filter is answered with its place") {
  CHECK(Shown().error("/api/runs?where=eval/acuracy+%3E+1", 400) ==
        "no run has a metric, config path or column 'eval/acuracy'; did you mean "
        "'eval/accuracy'?\n  eval/acuracy > 1\n  ^");
}

TEST_CASE("a list of more columns than can be shown is the mistake of who asks for it") {
  std::string columns;
  for (int i = 0; i < 2100; ++i) columns += "at(eval/accuracy," + std::to_string(i) + "),";
  CHECK(Shown().error("/api/runs?columns=" + columns, 400) ==
        "SQLite cannot answer that: more than 2000 columns");
  CHECK(Shown().error("/api/groups?group=name&columns=" + columns, 400) ==
        "SQLite cannot answer that: more than 2000 columns");
}

TEST_CASE("runs are grouped by a value, with means") {
  const Shown shown;
  const auto answer = shown.get("/api/groups?group=optimizer.lr&columns=eval/accuracy");
  const auto& groups = answer.at("groups");
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].at("value") == 0.1);
  CHECK(groups[1].at("count") == 2);
  CHECK(groups[1].at("columns")[1] == Json{{"mean", 0.8}, {"min", 0.8}, {"max", 0.8}});
  CHECK(names_of(shown.get("/api/runs?group=optimizer.lr&value=0.2&columns=name")) ==
        Names{"third", "second"});
  CHECK(names_of(shown.get("/api/runs?group=deterministic&value=true&columns=name")).size() == 3);
  CHECK(names_of(shown.get("/api/runs?group=ended&value=null&columns=name")).empty());
  CHECK(names_of(shown.get("/api/runs?group=optimizer.lr&value=0.2&where=name+%3D%3D+first+or+"
                           "name+%3D%3D+third&columns=name")) == Names{"third"});
}

TEST_CASE("a metric that a setting of its name hides is told of, and can be chosen") {
  Shown shown;
  Recorder(shown.folder().database(), shown.id(0)).record("optimizer", 1, 0.1, 0.5, 1000);
  const Json note{
      "optimizer is the setting optimizer.name; the metric of that name is "
      "last(optimizer)"};
  for (const auto* query : {"runs?columns=optimizer", "runs?where=optimizer+==+sgd",
                            "runs?sort=optimizer", "groups?group=optimizer"}) {
    CAPTURE(query);
    CHECK(shown.get(std::string("/api/") + query).at("notes") == note);
  }
  CHECK(shown.get("/api/runs").at("notes") == Json::array());
  CHECK(shown.get("/api/runs?columns=last(optimizer)").at("notes") == Json::array());
  CHECK(shown.get("/api/columns").at("metrics") ==
        Json{"eval/accuracy", "last(optimizer)", "train/loss"});
}

TEST_CASE("the page knows what can be shown") {
  const auto answer = Shown().get("/api/columns");
  CHECK(answer.at("settings") == Json{"deterministic", "optimizer.lr", "optimizer.name"});
  CHECK(answer.at("metrics") == Json{"eval/accuracy", "train/loss"});
  CHECK(answer.at("columns")[0] == "id");
}

TEST_CASE("a run is what `runner show --json` prints, and what people say of it") {
  Shown shown;
  add_tag(shown.database(), shown.id(0), "good");
  set_note(shown.database(), shown.id(0), "Try again.");
  const auto run = shown.get("/api/run/" + shown.id(0));
  CHECK(run.at("name") == "first");
  CHECK(run.at("settings").at("optimizer.lr") == Json{{"value", 0.1}, {"origin", "override"}});
  CHECK(run.at("metrics").at("train/loss").at("count") == 10);
  CHECK(run.at("tags") == Json{"good"});
  CHECK(run.at("note") == "Try again.");
  CHECK(shown.get("/api/run/last").at("name") == "third");
  CHECK(shown.error("/api/run/nothing", 404).starts_with("no run 'nothing'; the latest are"));
}

TEST_CASE("a curve is cut and thinned; a NaN is null") {
  const Shown shown;
  const auto target = "/api/curves?metric=train/loss&runs=" + shown.id(0);
  const auto whole = shown.get(target).at("curves")[0];
  CHECK(whole.at("step").size() == 10);
  CHECK(whole.at("mean")[1] == 0.5);
  CHECK(whole.at("time")[9] == 10'000);
  const auto part = shown.get(target + "&first_step=3&last_step=6&points=2").at("curves")[0];
  CHECK(part.at("step") == Json{4, 6});
  CHECK(part.at("max")[0] == doctest::Approx(1.0 / 3));
  CHECK(part.at("count") == Json{2, 2});
  const auto nan = shown.get("/api/curves?metric=eval/accuracy&runs=" + shown.id(2));
  CHECK(nan.at("curves")[0].at("mean") == Json::array({nullptr}));
  CHECK(shown.get("/api/metrics?runs=" + shown.id(0)).at("metrics") ==
        Json{"eval/accuracy", "train/loss"});
}

TEST_CASE("a comparison has first what differs") {
  const Shown shown;
  const auto answer = shown.get("/api/compare?runs=" + shown.id(0) + "," + shown.id(1));
  CHECK(answer.at("runs")[1].at("name") == "second");
  CHECK(answer.at("config")[0] ==
        Json{{"name", "optimizer.lr"}, {"values", {0.1, 0.2}}, {"differs", true}});
  CHECK(answer.at("config")[1].at("differs") == false);
  CHECK(answer.at("metrics")[0].at("name") == "eval/accuracy");
  CHECK(shown.error("/api/compare", 400) == "runs: expected the ids of runs, separated by commas");
}

TEST_CASE("a log is read from its end, and on from there") {
  Shown shown;
  const auto logs = shown.folder().path() / "logs";
  std::filesystem::create_directories(logs);
  std::ofstream(logs / "rank0.log") << "one\ntwo\n";
  std::ofstream(logs / "rank1.log") << "other\n";
  std::ofstream(logs / "rank../../secret.log");
  shown.store().set_logs(shown.id(0), logs.string());
  const auto target = "/api/log?run=" + shown.id(0);
  const auto newest = shown.get(target);
  CHECK(newest.at("ranks") == Json{0, 1});
  CHECK(newest.at("text") == "one\ntwo\n");
  CHECK(shown.get(target + "&from=4").at("text") == "two\n");
  CHECK(shown.get(target + "&from=99").at("text") == "");
  CHECK(shown.get(target + "&rank=1").at("text") == "other\n");
  CHECK(shown.get(target + "&rank=7").at("text") == "");
  CHECK(shown.get("/api/log?run=" + shown.id(1)).at("ranks") == Json::array());
}

TEST_CASE("a confusion matrix is that of a step, or the newest") {
  Shown shown;
  write_matrix(shown.database(), shown.id(0), {"eval/confusion_matrix", 5, 0.5, {{1, 2}, {3, 4}}});
  CHECK(shown.get("/api/matrix?run=" + shown.id(0)).at("counts") == Json{{1, 2}, {3, 4}});
  CHECK(shown.error("/api/matrix?run=" + shown.id(0) + "&step=6", 400)
            .starts_with("run " + shown.id(0) + " has no eval/confusion_matrix of step 6"));
}

TEST_CASE("what people say of a run is changed, all of it or nothing") {
  Shown shown;
  const auto target = "/api/run/" + shown.id(1);
  const auto answer = shown.answer(
      "PATCH", target,
      R"({"name": "renamed", "note": "A note", "add_tags": ["a", "b"], "archived": true})");
  CHECK(answer.status == 200);
  CHECK(Json::parse(answer.body) ==
        Json{{"tags", {"a", "b"}}, {"note", "A note"}, {"archived", true}});
  shown.answer("PATCH", target, R"({"remove_tags": ["a"]})");
  CHECK(read_annotations(shown.database(), shown.id(1)).tags == Names{"b"});

  const auto bad = shown.answer("PATCH", target, R"({"note": "lost", "add_tags": ["not one"]})");
  CHECK(bad.status == 400);
  CHECK(Json::parse(bad.body).at("error") ==
        "'not one' is no tag: expected a word of at most 64 bytes, without blanks and commas");
  CHECK(read_annotations(shown.database(), shown.id(1)).note == "A note");
}

TEST_CASE("a change that cannot be says why") {
  const Shown shown;
  const auto error = [&](const std::string& body) {
    const auto response = shown.answer("PATCH", "/api/run/" + shown.id(0), body);
    CHECK(response.status == 400);
    return Json::parse(response.body).at("error").get<std::string>();
  };
  CHECK(error("[]") == "expected a JSON object");
  CHECK(error("{") == "expected a JSON object");
  CHECK(error(R"({"note": 3})") == "'note' cannot be 3");
  CHECK(error(R"({"nots": "x"})") == "a run has no 'nots' to change; did you mean 'note'?");
  CHECK(error(R"({"name": ""})") == "a run's name cannot be empty");
}

TEST_CASE("who only reads has no answer to a change") {
  const Shown shown(true);
  CHECK(shown.answer("PATCH", "/api/run/" + shown.id(0), R"({"note": "x"})").status == 403);
  CHECK(shown.get("/api/about").at("read_only") == true);
}

TEST_CASE("what is not there, and what is not for it, is said") {
  const Shown shown;
  CHECK(shown.error("/api/nothing", 404) == "nothing is at /api/nothing");
  CHECK(shown.error("/nothing.js", 404) == "no such file: /nothing.js");
  CHECK(shown.answer("PATCH", "/api/runs", "{}").status == 405);
  CHECK(shown.answer("POST", "/").status == 405);
  CHECK(shown.error("/api/sweep/none", 404) == "no sweep 'none'");
  CHECK(shown.get("/api/sweeps").at("sweeps").empty());
}

TEST_CASE("a browser that asks for the icon by its usual name gets it") {
  const Shown shown;
  const auto icon = shown.answer("GET", "/favicon.ico");
  CHECK(icon.status == 200);
  CHECK(icon.type == "image/svg+xml");
  CHECK(icon.body == shown.answer("GET", "/icon.svg").body);
}

TEST_CASE("every answer lets nothing but this server's files run") {
  const Shown shown;
  for (const auto* target : {"/", "/api/runs", "/main.js", "/api/nothing"}) {
    const auto headers = shown.answer("GET", target).headers;
    const auto policy = std::ranges::find(headers, "Content-Security-Policy",
                                          [](auto& each) { return each.first; });
    REQUIRE(policy != headers.end());
    CHECK(policy->second.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
  }
}

TEST_CASE("the page names its files with their version, under which they are kept for good") {
  const Shown shown;
  const auto page = shown.answer("GET", "/run/anything").body;
  const auto end = page.find("/main.js\"");
  REQUIRE(end != std::string::npos);
  const auto version = page.substr(end - 17, 17);
  const auto header = [](const Response& response, const std::string& name) {
    for (const auto& [each, value] : response.headers)
      if (each == name) return value;
    return std::string();
  };
  const auto file = shown.answer("GET", version + "/main.js");
  CHECK(file.status == 200);
  CHECK(file.type == "text/javascript; charset=utf-8");
  CHECK(header(file, "Cache-Control").ends_with("immutable"));
  CHECK(header(shown.answer("GET", "/main.js"), "Cache-Control") == "no-cache");

  Request again;
  again.path = "/main.js";
  again.if_none_match = header(file, "ETag");
  CHECK(asset_response(again)->status == 304);
  CHECK(asset_response(again)->body.empty());
}

TEST_CASE("the page has no scripts and styles within it") {
  const auto page = Shown().answer("GET", "/").body;
  CHECK(page.find("<style") == std::string::npos);
  CHECK(page.find("style=") == std::string::npos);
  CHECK(page.find("onclick") == std::string::npos);
  for (auto at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1))
    CHECK(page.substr(at, 13) == "<script src=\"");
}
