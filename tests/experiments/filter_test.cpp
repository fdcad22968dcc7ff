#include "experiments/filter.hpp"

#include "experiments/grouping.hpp"
#include "experiments/listing.hpp"
#include "tests/experiments/fixture.hpp"

#include <cmath>

using namespace runner;

namespace {

// Runs a, b, c and d, of which only d has no metric and no momentum.
class Runs {
 public:
  Runs() : store_(Store::create_or_open(folder_.database())) {
    add("a",
        {{"model.name", std::string("mlp"), ""},
         {"optimizer.lr", 0.1, ""},
         {"optimizer.momentum", 0.9, ""}},
        {0.95, 0.9});
    add("b",
        {{"model.name", std::string("mnist_cnn"), ""},
         {"optimizer.lr", 1.0, ""},
         {"optimizer.momentum", 0.0, ""}},
        {0.98, 0.99});
    add("c",
        {{"model.name", std::string("mnist_cnn"), ""},
         {"optimizer.lr", 1e-4, ""},
         {"optimizer.momentum", std::string("auto"), ""}},
        {0.5, std::nan("")});
    add("d",
        {{"model.name", std::string("mlp"), ""},
         {"optimizer.lr", 2.0, ""},
         {"train.shuffle", true, ""}},
        {});
    store_.database().execute(
        "UPDATE runs SET started = 1700000000000, ended = 1700000060000 WHERE name = 'a'");
    store_.database().execute("UPDATE runs SET status = 'failed' WHERE name = 'c'");
  }

  std::string matching(const std::string& where) {
    std::string names;
    for (const auto& row :
         list_runs(store_.database(), {.where = where, .sort = "name", .columns = {"name"}}).rows) {
      names += std::get<std::string>(row[0]);
    }
    return names;
  }

  std::string error(const std::string& where) {
    return error_of<UserError>([&] { matching(where); });
  }

 private:
  void add(const std::string& name, std::vector<Setting> settings,
           const std::vector<double>& accuracies) {
    Run run = example_run(name);
    run.settings = std::move(settings);
    run.device = "cpu";
    run.seed = name[0] - 'a';
    Recorder recorder(folder_.database(), store_.begin(run));
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      recorder.record("eval/accuracy", static_cast<std::int64_t>(i), 1, accuracies[i]);
      recorder.record("eval/loss", static_cast<std::int64_t>(i), 1, 1 - accuracies[i]);
    }
    recorder.finish(Status::done);
  }

  TemporaryFolder folder_;
  Store store_;
};

}  // namespace

TEST_CASE("a filter compares metrics, config values and columns") {
  Runs runs;
  const std::pair<const char*, const char*> cases[] = {
      {"eval/accuracy > 0.95", "b"},
      {"eval/accuracy >= 0.9", "ab"},
      {"eval/accuracy<0.95", "a"},
      {"last(eval/accuracy) == 0.99", "b"},
      {"max(eval/accuracy) >= 0.95", "ab"},
      {"min(eval/accuracy) = 0.5", "c"},
      {"eval/loss < last(eval/accuracy)", "ab"},
      {"optimizer.lr >= 0.1", "abd"},
      {"optimizer.lr == 1e-4", "c"},
      {"optimizer.lr == 1", "b"},
      {"optimizer.lr != 1", "acd"},
      {"optimizer.momentum == auto", "c"},
      {"optimizer.momentum > 0.5", "a"},
      {"optimizer.momentum < 0.5", "b"},
      {"optimizer.momentum >= 'a'", "c"},
      {"optimizer.momentum < 'z'", "c"},
      {"model == mlp", "ad"},
      {"model.name == 'mnist_cnn'", "bc"},
      {"model ~ mn", "bc"},
      {"model ~ 'm*p'", "ad"},
      {"model ~ m?p", "ad"},
      {"train.shuffle == true", "d"},
      {"name == a", "a"},
      {"status == failed", "c"},
      {"seed < 2", "ab"},
      {"device == cpu", "abcd"},
      {"duration == 60", "a"},
      {"started < 2023-11-16", "a"},
      {"started > '2023-11-16T12:00'", "bcd"},
      {"started >= 2023-11-14T22:13:20Z and started < '2023-11-14T22:13:21Z'", "a"},
      {"started > -7d", "bcd"},
      {"started ~ 2023-11", "a"},
      {"started ~ '2023-1?-1[45]T*'", "a"},
      {"started ~ 2023-12", ""},
      {"started ~ 2023-11-3", ""},
      {"started < '2024-02-29 23:59:59'", "a"},
  };
  for (const auto& filter_and_names : cases) {
    const std::string where = filter_and_names.first;
    CAPTURE(where);
    CHECK(runs.matching(where) == filter_and_names.second);
  }
}

TEST_CASE("and binds before or, not before and, and parentheses before all") {
  Runs runs;
  CHECK(runs.matching("name == a or name == b and name == c") == "a");
  CHECK(runs.matching("(name == a or name == b) and not name == a") == "b");
  CHECK(runs.matching("not name == a and not (name == b or name == c)") == "d");
  CHECK(runs.matching("not not name == a") == "a");
}

TEST_CASE("a run that lacks a value fulfils no comparison with it, and so fulfils its not") {
  Runs runs;
  CHECK(runs.matching("optimizer.momentum != 0.9") == "bc");
  CHECK(runs.matching("not optimizer.momentum == 0.9") == "bcd");
  CHECK(runs.matching("not eval/accuracy > 0.95") == "acd");
}

TEST_CASE("a filter's error points at its place and says what was expected") {
  Runs runs;
  CHECK(runs.error("eval/acuracy > 0.99") ==
        "no run has a metric, config path or column 'eval/acuracy'; did you mean 'eval/accuracy'?\n"
        "  eval/acuracy > 0.99\n"
        "  ^");
  CHECK(runs.error("status == done and max(eval/los) < 1") ==
        "no run has a metric 'eval/los'; did you mean 'eval/loss'?\n"
        "  status == done and max(eval/los) < 1\n"
        "                         ^");
  CHECK(runs.error("qqqqqq == 1") ==
        "no run has a metric, config path or column 'qqqqqq'\n"
        "  qqqqqq == 1\n"
        "  ^");
  CHECK(runs.error("optimzer.lr > 1") ==
        "no run has a metric, config path or column 'optimzer.lr'; did you mean 'optimizer.lr'?\n"
        "  optimzer.lr > 1\n"
        "  ^");
  CHECK(runs.error("eval/accuracy 0.99") ==
        "expected a comparison (== != < <= > >= ~), not '0.99'\n"
        "  eval/accuracy 0.99\n"
        "                ^");
  CHECK(runs.error("eval/accuracy >") ==
        "expected a number or a text here, but the filter ends\n"
        "  eval/accuracy >\n"
        "                 ^");
  CHECK(runs.error("name == a name == b") ==
        "expected and, or, or the end, not 'name'\n"
        "  name == a name == b\n"
        "            ^");
  CHECK(runs.error("(name == a") ==
        "this parenthesis is never closed\n"
        "  (name == a\n"
        "  ^");
  CHECK(runs.error("name == 'größe' and device == 'cpu") ==
        "this quote is never closed\n"
        "  name == 'größe' and device == 'cpu\n"
        "                                ^");
  CHECK(
      runs.error("mean(eval/loss) < 1") ==
      "no function 'mean'; there are last, first, min, max, best, at; a name with blanks or signs "
      "stands in double quotes\n"
      "  mean(eval/loss) < 1\n"
      "  ^");
  CHECK(runs.error("name ! a") ==
        "'!' alone is no comparison; use != or not\n"
        "  name ! a\n"
        "       ^");
  CHECK(runs.error("eval/accuracy > high") ==
        "expected a number, not 'high'\n"
        "  eval/accuracy > high\n"
        "                  ^");
  CHECK(runs.error("started > yesterday") ==
        "expected a time like 2026-11-24, 2026-11-24T10:30 or -7d, not 'yesterday'\n"
        "  started > yesterday\n"
        "            ^");
  for (const std::string time :
       {"2026-13-45", "2026-02-30", "2026-11-28T25:00", "2026-11-28T10", "2026-11-28junk",
        "26-11-28", "2026-11-28:15", "28.11.2026", "-99999999999999999w", "--7d"}) {
    CAPTURE(time);
    CHECK(runs.error("started > " + time) ==
          "expected a time like 2026-11-24, 2026-11-24T10:30 or -7d, not '" + time +
              "'\n  started > " + time + "\n            ^");
  }
  for (const std::string time : {"2026-13", "2026-11-31", "2026-3", "2026-11-28T25", "yesterday"}) {
    CAPTURE(time);
    CHECK(runs.error("started ~ " + time) ==
          "expected a time like 2026-11-24, 2026-11-24T10:30 or -7d, not '" + time +
              "'\n  started ~ " + time + "\n            ^");
  }
  CHECK(runs.error("status == runing") ==
        "no status 'runing'; did you mean 'running'?\n"
        "  status == runing\n"
        "            ^");
  CHECK(runs.error(" and ") ==
        "expected a comparison (== != < <= > >= ~) here, but the filter ends\n"
        "   and \n"
        "       ^");
}

TEST_CASE("double quotes name a metric or a setting, and single quotes are a text") {
  TemporaryFolder folder;
  auto store = Store::create_or_open(folder.database());
  Run run = example_run("a");
  run.settings = {{"batch size", std::int64_t{32}, ""},
                  {"lr (max)", 0.1, ""},
                  {"name", std::string("no"), ""},
                  {"loss.name", std::string("nll"), ""}};
  Recorder recorder(folder.database(), store.begin(run));
  for (const auto* metric : {"val loss", "F1 (macro)", "a,b", "x=y", "it's", "\"q\"", "loss"}) {
    recorder.record(metric, 1, 1, 0.5);
    recorder.record(metric, 2, 2, 0.25);
  }
  recorder.finish(Status::done);
  const auto matches = [&](const std::string& where) {
    return list_runs(store.database(), {.where = where, .columns = {"name"}}).total == 1;
  };
  for (const auto* where : {"\"val loss\" < 0.5",
                            "last(\"val loss\") == 0.25",
                            "first( \"val loss\" ) == 0.5",
                            "at(\"val loss\", 1) == 0.5",
                            "at(\"a,b\",1) == 0.5",
                            "at(a,b,1) == 0.5",
                            "\"F1 (macro)\" == 0.25",
                            "max(\"F1 (macro)\") == 0.5",
                            "\"a,b\" == 0.25",
                            "\"x=y\" == 0.25",
                            "\"it's\" == 0.25",
                            "\"\"\"q\"\"\" == 0.25",
                            "\"batch size\" == 32",
                            "\"lr (max)\" < 0.2",
                            "name == \"a\"",
                            "name == 'a'",
                            "\"name\" == 'no'",
                            "loss == nll",
                            "\"loss\" == 0.25",
                            "last(loss) == 0.25",
                            "\"x=y\" == last(\"val loss\")"}) {
    CAPTURE(where);
    CHECK(matches(where));
  }
  const auto error = [&](const std::string& where) {
    return error_of<UserError>([&] { matches(where); });
  };
  CHECK(error("'val loss' < 1") ==
        "expected a name, not the text 'val loss'; a name with blanks or signs stands in double "
        "quotes\n  'val loss' < 1\n  ^");
  CHECK(error("last(val loss) < 1") ==
        "expected ')', not 'loss'; a name with blanks or signs stands in double quotes\n"
        "  last(val loss) < 1\n           ^");
  CHECK(error("at(\"val loss\" 1) < 1") ==
        "expected at(METRIC, STEP)\n  at(\"val loss\" 1) < 1\n     ^");
  CHECK(error("val_loss < 1") ==
        "no run has a metric, config path or column 'val_loss'; did you mean \"val loss\"?\n"
        "  val_loss < 1\n  ^");
  CHECK(error("\"status\" == done") ==
        "no run has a metric or config path 'status'; without quotes it is a column\n"
        "  \"status\" == done\n  ^");
  CHECK(error("\"val loss < 1") == "this quote is never closed\n  \"val loss < 1\n  ^");
  const auto listing = list_runs(
      store.database(),
      {.sort = "-\"val loss\",name",
       .columns = split_names("\"val loss\", at(loss, 1) ,\"a,b\",\"batch size\", loss")});
  CHECK(listing.rows.at(0) ==
        std::vector<Value>{0.25, 0.5, 0.25, std::int64_t{32}, std::string("nll")});
  CHECK(listing.notes ==
        std::vector<std::string>{
            "loss is the setting loss.name; the metric of that name is last(loss)"});
  CHECK(group_runs(store.database(), {}, {"loss"}).notes == listing.notes);
  const auto written = [&](const std::string& metric) {
    return metric_as_written(store.database(), metric);
  };
  CHECK(written("loss") == "last(loss)");
  CHECK(written("val loss") == "\"val loss\"");
  CHECK(error_of<UserError>([&] { list_runs(store.database(), {.sort = "val loss"}); }) ==
        "expected one name, not 'loss'; a name with blanks or signs stands in double quotes\n"
        "  val loss\n      ^");
}

TEST_CASE("a filter is never part of the SQL, and deep nesting is refused") {
  Runs runs;
  CHECK(runs.matching("name == \"a' OR 1=1 --\"") == "");
  CHECK(runs.matching(std::string(50, '(') + "name == a" + std::string(50, ')')) == "a");
  CHECK(runs.error(std::string(5000, '(')).starts_with("the filter is nested too deeply\n"));
}
