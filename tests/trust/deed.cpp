#include "tests/trust/deed.hpp"

#include "experiments/store.hpp"

#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {

namespace {

using Words = std::vector<std::string>;

std::string failure(const Words& words, const Printed& printed) {
  return printed.code == 0 ? ""
                           : fmt::format("{} ended with {}: {}", fmt::join(words, " "),
                                         printed.code, printed.err);
}

Words in(const World& world, Words words) {
  for (auto& word : words)
    for (auto at = word.find('$'); at != word.npos; at = word.find('$'))
      word.replace(at, 1, world.folder().string());
  return words;
}

std::string do_again(const World& world, const Words& words) {
  const auto whole = in(world, words);
  return failure(whole, world.run(whole));
}

std::vector<std::string> unfinished_runs(const World& world, const std::string& name) {
  Store store = Store::open(world.database());
  auto select = store.database().prepare(
      "SELECT id FROM runs WHERE name = ? AND status <> 'done' ORDER BY id");
  std::vector<std::string> ids;
  for (select.with(name); select.step();) ids.push_back(select.text(0));
  return ids;
}

bool has(const World& world, const std::string& name) {
  Store store = Store::open(world.database());
  auto select = store.database().prepare("SELECT 1 FROM runs WHERE name = ?");
  return select.with(name).step();
}

std::string resume_all(const World& world, const std::string& name) {
  for (const auto& id : unfinished_runs(world, name))
    if (auto wrong = do_again(world, {"resume", id}); !wrong.empty()) return wrong;
  return "";
}

Deed repeated(std::string name, Words words) {
  auto again = words;
  return {std::move(name), std::move(words),
          [again](const World& world) { return do_again(world, again); }};
}

Deed exporting(const std::string& file, Words more = {}) {
  Words words{"export", "kept", "--to", "$/exports/" + file, "--force"};
  words.insert(words.end(), more.begin(), more.end());
  return repeated("export to " + file, std::move(words));
}

Deed resuming(const std::string& steps) {
  const Words words{"resume", "stopped", "train.max_steps=" + steps, "--json"};
  // What was interrupted before it was written down how far it is to go is told so once more.
  return {"resume", words, [words, steps](const World& world) {
            const auto wrong = do_again(world, words);
            const auto over =
                "it is to end after step " + steps + ", and has come to step " + steps;
            return wrong.find(over) == wrong.npos ? wrong : "";
          }};
}

std::vector<Deed> all_deeds(bool brief) {
  std::vector<Deed> all;
  const Words running{"run", "$/small.yaml", "--json",
                      brief ? "train.max_steps=6" : "train.max_steps=90"};
  all.push_back({"run", running, [running](const World& world) {
                   return has(world, "small") ? resume_all(world, "small")
                                              : do_again(world, running);
                 }});
  all.push_back(resuming(brief ? "51" : "90"));
  all.push_back(repeated(
      "sweep", {"run", "$/sweep.yaml", brief ? "train.max_steps=4" : "train.max_steps=20"}));
  all.push_back(repeated("merge", {"merge", "$/other/experiments.db", "--copy"}));
  all.push_back(repeated("migration", {"list", "--db", "$/old/experiments.db"}));
  all.push_back(repeated("import", {"import", "$/logs/lightning"}));
  all.push_back(exporting("points.csv"));
  all.push_back(exporting("points.parquet"));
  all.push_back(exporting("mlflow.db"));
  all.push_back(exporting("events", {"--format", "tensorboard"}));
  all.push_back(exporting("model.safetensors"));
  all.push_back(repeated("gc", {"gc", "--yes"}));
  all.push_back({"delete", {"delete", "done", "--yes"}, [](const World& world) {
                   return has(world, "done") ? do_again(world, {"delete", "done", "--yes"}) : "";
                 }});
  // A job that Slurm has not been given leaves a run that can be deleted.
  all.push_back(
      {"submit", {"submit", "$/small.yaml", "name=queued", "--nodes", "1"}, [](const World& world) {
         Store store = Store::open(world.database());
         auto without_job = store.database().prepare(
             "SELECT id FROM runs WHERE name = 'queued' AND job_id IS NULL");
         Words ids;
         while (without_job.step()) ids.push_back(without_job.text(0));
         for (const auto& id : ids) {
           do_again(world, {"stop", id});
           if (auto wrong = do_again(world, {"delete", id, "--yes"}); !wrong.empty()) return wrong;
         }
         return has(world, "queued")
                    ? ""
                    : do_again(world, {"submit", "$/small.yaml", "name=queued", "--nodes", "1"});
       }});
  return all;
}

}  // namespace

const std::vector<Deed>& deeds() {
  static const auto all = all_deeds(false);
  return all;
}

const std::vector<Deed>& brief_deeds() {
  static const auto all = all_deeds(true);
  return all;
}

Words words_of(const Deed& deed, const World& world) { return in(world, deed.words); }

const Contents& result_of(const std::set<const Deed*>& done) {
  static std::map<std::set<const Deed*>, Contents> known;
  if (const auto found = known.find(done); found != known.end()) return found->second;
  const World world;
  for (const auto* deed : done) {
    const auto words = words_of(*deed, world);
    if (const auto wrong = failure(words, world.run(words)); !wrong.empty())
      throw std::runtime_error(wrong);
  }
  return known[done] = world.everything();
}

std::string aftermath(const World& world, const std::set<const Deed*>& done) {
  std::string wrong;
  for (const auto* deed : done) wrong += deed->finish(world);
  wrong += difference(world.everything(), result_of(done));
  wrong += fmt::format("{}", fmt::join(world.broken(), "\n"));
  for (const auto& stray : world.strays()) wrong += "left behind: " + stray + "\n";
  return wrong;
}

}  // namespace runner
