#include "tests/program/recorded.hpp"

#include <sstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

using Words = std::vector<std::string>;

double falling(int step) { return 2.0 / step; }

/// What the last of the words can become, without what each means.
Words completed(const TemporaryDirectory& folder, Words words) {
  words.insert(words.begin(), {"complete", "--"});
  const auto printed = run(folder.path(), words);
  CHECK(printed.code == 0);
  CHECK(printed.err == "");
  std::istringstream lines(printed.out);
  Words out;
  for (std::string line; std::getline(lines, line);) out.push_back(line.substr(0, line.find('\t')));
  return out;
}

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr auto recipe = "model: mlp\ndataset: synthetic\nloss: cross_entropy\noptimizer: adamw\n";

bool is_installed(const TemporaryDirectory& folder, const std::string& program) {
  return Program::command(folder.path(), {"sh", "-c", "command -v " + program}).wait().code == 0;
}

std::map<std::string, std::string> with_runner() {
  const auto path = std::filesystem::path(runner_executable()).parent_path().string();
  return {{"PATH", path + ":" + std::getenv("PATH")}};
}

/// Answers of a shell's script, by a program in its language that prints them.
std::string printed_by(const TemporaryDirectory& folder, const Words& words) {
  const auto printed = Program::command(folder.path(), words, with_runner()).wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  return printed.out;
}

}  // namespace

TEST_CASE("completion knows commands, their commands, and options that are not given yet") {
  const TemporaryDirectory folder;
  const auto commands = completed(folder, {""});
  for (const auto* command : {"run", "list", "plot", "doctor", "completion"})
    CHECK(has(commands, command));
  CHECK_FALSE(has(commands, "man"));
  CHECK(completed(folder, {"li"}) == Words{"list"});
  CHECK(completed(folder, {"sweep", "s"}) == Words{"show"});
  CHECK(completed(folder, {"plot", "--co"}) == Words{"--confusion"});
  CHECK(has(completed(folder, {"list", "--"}), "--json"));
  CHECK_FALSE(has(completed(folder, {"list", "--json", "--"}), "--json"));
  CHECK(completed(folder, {"plot", "--by", ""}) == Words{"step", "epoch", "time"});
  CHECK(completed(folder, {"plot", "--by=e"}) == Words{"--by=epoch"});
  CHECK(completed(folder, {"completion", ""}) == Words{"bash", "zsh", "fish"});
  CHECK(completed(folder, {"list", "--db", ""}) == Words{":files"});
}

TEST_CASE("completion knows runs, metrics and columns of the database") {
  const TemporaryDirectory folder;
  CHECK(completed(folder, {"show", ""}) == Words{});
  const auto id = record_run(folder, "mnist", 0.1, 20, falling);
  CHECK(completed(folder, {"show", ""}) == Words{"last", "mnist", id});
  CHECK(completed(folder, {"show", id.substr(0, 4)}) == Words{id});
  CHECK(completed(folder, {"plot", "mnist", ""}) == Words{"last", "mnist", id});
  CHECK(completed(folder, {"plot", "--metric", ""}) == Words{"eval/accuracy", "train/loss"});
  CHECK(completed(folder, {"plot", "--metric", "eval/accuracy,t"}) ==
        Words{"eval/accuracy,train/loss"});
  CHECK(completed(folder, {"list", "--sort", "-eval"}) == Words{"-eval/accuracy"});
  CHECK(completed(folder, {"list", "--columns", "+optim"}) == Words{"+optimizer.lr"});
  CHECK(completed(folder, {"list", "--where", "durat"}) == Words{"duration"});
  CHECK(completed(folder, {"list", "--group-by", "optim"}) == Words{"optimizer.lr"});
  for (const auto* command : {"why", "bisect"}) {
    CHECK(completed(folder, {command, ""}) == Words{"last", "mnist", id});
    CHECK(completed(folder, {command, "last", "mn"}) == Words{"mnist"});
  }
  for (const auto* command : {"merge", "import"})
    CHECK(completed(folder, {command, ""}) == Words{":files"});
  CHECK(completed(folder, {"export", "--format", "p"}) == Words{"parquet"});
}

TEST_CASE("completion knows recipes, their keys, and what a key can be") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  folder.write("notes.txt", "");
  std::filesystem::create_directory(folder.path() / "sets");
  std::filesystem::create_directory(folder.path() / "recipes");
  folder.write("recipes/mine.yaml", recipe);
  const auto named = completed(folder, {"run", ""});
  for (const auto* word : {"sets/", "small.yaml", "mine", "mnist"}) CHECK(has(named, word));
  CHECK_FALSE(has(named, "small"));
  CHECK(completed(folder, {"run", "sm"}) == Words{"small.yaml"});
  CHECK(completed(folder, {"run", "small.yaml", "opt"}) == Words{"optimizer=", "optimizer."});
  const auto fields = completed(folder, {"run", "small.yaml", "optimizer."});
  CHECK(has(fields, "optimizer.weight_decay="));
  CHECK_FALSE(has(fields, "optimizer.rho="));
  CHECK(has(completed(folder, {"run", "small.yaml", "optimizer=adadelta", "optimizer."}),
            "optimizer.rho="));
  CHECK(completed(folder, {"run", "small.yaml", "optimizer=adag"}) == Words{"optimizer=adagrad"});
  CHECK(completed(folder, {"run", "small.yaml", "save.keep_best.m"}) ==
        Words{"save.keep_best.metric=", "save.keep_best.mode="});
  CHECK(completed(folder, {"run", "small.yaml", "save.keep_best.mode="}) ==
        Words{"save.keep_best.mode=min", "save.keep_best.mode=max", "save.keep_best.mode=null"});
  CHECK(completed(folder, {"run", "small.yaml", "deterministic=t"}) == Words{"deterministic=true"});
  CHECK(completed(folder, {"plot", "--schedule", "small.yaml", "train.ep"}) ==
        Words{"train.epochs="});
  CHECK(completed(folder, {"components", "optimizer", "adam"}) == Words{"adam", "adamw", "adamax"});
}

TEST_CASE("completion knows the sections of a recipe, their fields, and topics of the help") {
  const TemporaryDirectory folder;
  CHECK(completed(folder, {"components", "m"}) == Words{"model", "metric", "matrix"});
  CHECK(completed(folder, {"components", "train", "max"}) == Words{"max_steps", "max_time"});
  CHECK(completed(folder, {"components", "matrix", "z"}) == Words{"zip"});
  CHECK(completed(folder, {"help", "re"}) ==
        Words{"recipe", "resume", "rename", "reproduce", "record"});
  CHECK(completed(folder, {"help", "sweep", "s"}) == Words{"show"});
  CHECK(completed(folder, {"help", "train", "max"}) == Words{"max_steps", "max_time"});
  CHECK(has(completed(folder, {"help", ""}), "early_stopping"));
}

TEST_CASE("completion knows the elements of a recipe's lists") {
  const TemporaryDirectory folder;
  folder.write("lists.yaml",
               "model: {name: mlp, hidden: [32, 16]}\ndataset: synthetic\nloss: cross_entropy\n"
               "optimizer: {name: adamw, groups: [{match: '*.bias', weight_decay: 0}, {match: 'x', "
               "name: sgd}]}\n"
               "scheduler: {name: chained, schedulers: [step, constant]}\n"
               "eval: {metrics: [f1, {name: top_k, k: 2}]}\n");
  const auto can_be = [&](const std::string& word) {
    return completed(folder, {"run", "lists.yaml", word});
  };
  CHECK(can_be("optimizer.gr") ==
        Words{"optimizer.groups=", "optimizer.groups[0].", "optimizer.groups[1]."});
  CHECK(can_be("optimizer.groups[") == Words{"optimizer.groups[0].", "optimizer.groups[1]."});
  CHECK(can_be("optimizer.groups[0].l") == Words{"optimizer.groups[0].lr="});
  CHECK(can_be("optimizer.groups[0].m") ==
        Words{"optimizer.groups[0].match=", "optimizer.groups[0].maximize="});
  CHECK(has(can_be("optimizer.groups[1]."), "optimizer.groups[1].momentum="));
  CHECK_FALSE(has(can_be("optimizer.groups[1]."), "optimizer.groups[1].groups="));
  CHECK(can_be("optimizer.groups[0].name=adag") == Words{"optimizer.groups[0].name=adagrad"});
  CHECK(can_be("optimizer.groups[0].frozen=t") == Words{"optimizer.groups[0].frozen=true"});
  CHECK(can_be("optimizer.groups[2].") == Words{});
  CHECK(can_be("eval.metrics") == Words{"eval.metrics=", "eval.metrics[0]=", "eval.metrics[0].",
                                        "eval.metrics[1]=", "eval.metrics[1]."});
  CHECK(can_be("eval.metrics[1]=f") == Words{"eval.metrics[1]=f1"});
  CHECK(can_be("eval.metrics[1].") == Words{"eval.metrics[1].k="});
  CHECK(can_be("scheduler.schedulers[0].g") == Words{"scheduler.schedulers[0].gamma="});
  CHECK(can_be("model.hid") == Words{"model.hidden="});
  CHECK(can_be("model.hidden[") == Words{"model.hidden[0]=", "model.hidden[1]="});
  CHECK(can_be("model.hidden[1]=") == Words{"model.hidden[1]=16"});
}

TEST_CASE("completion of a recipe with mistakes knows every field") {
  const TemporaryDirectory folder;
  folder.write("wrong.yaml", "model: no_such\n");
  CHECK(completed(folder, {"run", "wrong.yaml", "optimizer.rh"}) == Words{"optimizer.rho="});
  CHECK(completed(folder, {"run", "not_there.yaml", "train.ep"}) == Words{"train.epochs="});
}

TEST_CASE("bash completes a command, and a value behind the = at which it cuts words") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto complete = [&](const std::string& line) {
    return printed_by(
        folder,
        {"bash", "--norc", "-c",
         "eval \"$(runner completion bash)\"; compopt() { echo \"$@\" >&2; }; COMP_LINE='" + line +
             "' COMP_POINT=${#COMP_LINE}; _runner; printf '%s\\n' \"${COMPREPLY[@]}\""});
  };
  CHECK(complete("runner li") == "list\n");
  CHECK(complete("runner run small.yaml optimizer=adag") == "adagrad\n");
  CHECK(complete("runner run small.yaml optimizer.weight") == "optimizer.weight_decay=\n");
  CHECK(complete("runner run small.yaml scheduler=step scheduler.ga") == "scheduler.gamma=\n");
  CHECK(complete("runner run small.yaml eval.metrics=[f1] eval.metrics[0].av") ==
        "eval.metrics[0].average=\n");
}

TEST_CASE("bash completes within quotes, too") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  // On a terminal, where readline takes what it is given in place of the whole word.
  folder.write("typed.py", R"py(
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
def type(text, wait):
    os.write(terminal, text.encode())
    time.sleep(wait)
type("PS1=; bind 'set enable-bracketed-paste off'; eval \"$(runner completion bash)\"\n", 1)
type("runner() { echo \"got:$*:\"; }\n", 0.5)
for word in ("model.hidden[0", "'optimizer=adag", "'model.hidden[0"):
    type("runner run small.yaml " + word + "\t", 1.5)
    type("\n", 0.5)
type("exit\n", 0.5)
print(os.read(terminal, 100000).decode())
)py");
  const auto out = printed_by(folder, {"python3", "typed.py"});
  CAPTURE(out);
  const std::string element = "got:run small.yaml model.hidden[0]=:";
  CHECK(out.find(element) != std::string::npos);
  CHECK(out.find(element) != out.rfind(element));
  CHECK(out.find("got:run small.yaml optimizer=adagrad:") != std::string::npos);
}

TEST_CASE("zsh completes in an interactive shell") {
  const TemporaryDirectory folder;
  if (!is_installed(folder, "zsh")) {
    MESSAGE("skipped: no zsh");
    return;
  }
  folder.write("small.yaml", recipe);
  // A function takes the program's place when the line is entered, and shows what it was given.
  folder.write("typed.zsh", R"sh(
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'PS1=; autoload -U compinit; compinit -u -D; eval "$(runner completion zsh)"; print RE""ADY'
zpty -r -m shell line '*READY*'
zpty -w shell 'runner() { print -r -- "got:$*:"; }; print DEF""INED'
zpty -r -m shell line '*DEFINED*'
for typed in 'run small.y' 'run small.yaml optimizer=adag' 'run small.yaml train.ep' \
    "run small.yaml 'model.hidden[0" 'run small.yaml model.hidden\[0'; do
  zpty -w -n shell "runner $typed"$'\t'
  sleep 2
  [[ $typed == *\'* ]] && zpty -w -n shell "'"
  zpty -w -n shell $'\n'
  sleep 0.5
done
while zpty -r -t shell more; do all+=$more; done
print -r -- $all
)sh");
  const auto out = printed_by(folder, {"zsh", "-f", "typed.zsh"});
  CAPTURE(out);
  CHECK(out.find("got:run small.yaml:") != std::string::npos);
  CHECK(out.find("got:run small.yaml optimizer=adagrad:") != std::string::npos);
  CHECK(out.find("got:run small.yaml train.epochs=:") != std::string::npos);
  const std::string element = "got:run small.yaml model.hidden[0]=:";
  CHECK(out.find(element) != std::string::npos);
  CHECK(out.find(element) != out.rfind(element));
}

TEST_CASE("fish completes, and shows what each word means") {
  const TemporaryDirectory folder;
  if (!is_installed(folder, "fish")) {
    MESSAGE("skipped: no fish");
    return;
  }
  folder.write("small.yaml", recipe);
  const auto complete = [&](const std::string& line) {
    return printed_by(folder, {"fish", "--no-config", "-c",
                               "runner completion fish | source; complete -C '" + line + "'"});
  };
  CHECK(complete("runner li") == "list\tList runs, the newest first\n");
  CHECK(complete("runner run small.yaml optimizer=adag").starts_with("optimizer=adagrad\t"));
  CHECK(complete("runner run small.yaml train.ep") ==
        "train.epochs=\tpasses over the training samples\n");
}
