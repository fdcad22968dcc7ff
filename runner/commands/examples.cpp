#include "runner/commands/examples.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Entry {
  std::string_view command;
  Example example;
};

// A test parses each of them, and wants one of every command. Those of a command stand together.
constexpr auto all = std::to_array<Entry>({
    {"run",
     {"runner run recipes/mnist.yaml", "train, on every GPU of the machine, else on the CPU"}},
    {"run",
     {"runner run recipes/mnist.yaml optimizer=sgd optimizer.lr=0.1 train.epochs=3",
      "other values than the recipe's"}},
    {"run", {"runner run recipes/mnist.yaml --dry-run", "every value and where it comes from"}},
    {"resume", {"runner resume last", "go on where the latest run was stopped"}},
    {"resume", {"runner resume mnist train.epochs=20", "further than it was meant to go"}},
    {"stop", {"runner stop last", "as Ctrl-C in its terminal would"}},
    {"submit",
     {"runner submit recipes/mnist.yaml --nodes 2 --gpus 8 --time 1:00:00",
      "8 GPUs on each of 2 nodes"}},
    {"submit", {"runner submit recipes/mnist.yaml --nodes 1 --print", "the script alone"}},
    {"validate",
     {"runner validate recipes/mnist.yaml", "find every mistake before anything starts"}},
    {"list",
     {"runner list --where 'eval/accuracy > 0.98' --sort -eval/accuracy", "the best first"}},
    {"list",
     {"runner list --where 'status == failed and started > -7d' --columns +reason",
      "what failed this week, and why"}},
    {"list", {"runner list --limit 0 --json", "everything, for other programs"}},
    {"show", {"runner show last", "the latest run"}},
    {"show", {"runner show mnist --json", "the latest run of a name, in full precision"}},
    {"list",
     {"runner list --group-by optimizer.lr --columns eval/accuracy",
      "a line for each learning rate, with mean and range"}},
    {"list",
     {"runner list --sql 'SELECT host, count(*) FROM overview GROUP BY host'", "in plain SQL"}},
    {"compare", {"runner compare mnist 2q6gsxa52f", "what differs, then the metrics"}},
    {"compare", {"runner compare a b c --all", "what is the same, too"}},
    {"why", {"runner why mnist 2q6gsxa52f", "what differs, where they part, what is chance"}},
    {"watch", {"runner watch last", "from another terminal; Ctrl-C leaves the run alone"}},
    {"reproduce", {"runner reproduce mnist", "its first 100 steps: the same bits?"}},
    {"reproduce",
     {"runner reproduce mnist --steps 0 --tolerance 1e-3", "to the end, on another machine"}},
    {"logs", {"runner logs last --follow", "what rank 0 prints, as it prints it"}},
    {"logs", {"runner logs last --rank 3", "what rank 3 has printed"}},
    {"sweep", {"runner sweep list", "all sweeps"}},
    {"sweep", {"runner sweep show mlp", "its cells, and what mattered"}},
    {"sweep", {"runner sweep best mlp --export best.yaml", "a recipe that trains the best again"}},
    {"race", {"runner race a.yaml b.yaml", "more and more seeds, until it is clear"}},
    {"gate", {"runner gate last --baseline mnist", "exit code 1 when it is worse"}},
    {"plot", {"runner plot", "the losses and metrics of the latest run"}},
    {"plot",
     {"runner plot mnist 2q6gsxa52f --metric train/loss --log --smooth 0.9",
      "two runs, smoothed, over a logarithmic axis"}},
    {"plot",
     {"runner plot last --metric eval/accuracy --by epoch --out accuracy.pdf", "for a paper"}},
    {"plot", {"runner plot last --csv", "the points"}},
    {"plot", {"runner plot mlp optimizer.lr", "a sweep over one of its parameters"}},
    {"plot", {"runner plot last --confusion", "which classes were taken for which"}},
    {"plot", {"runner plot --schedule recipes/mnist.yaml scheduler=cosine", "without training"}},
    {"ui", {"runner ui", "the page in a browser"}},
    {"ui", {"runner ui --read-only --no-browser --port 8217", "for others to look at"}},
    {"tag", {"runner tag last mnist --add good,baseline", "two runs, two words to find them by"}},
    {"tag", {"runner tag --where 'tag == good and eval/loss > 1' --remove good", "not so good"}},
    {"note", {"runner note last 'the first with warm-up'", "what you would have forgotten"}},
    {"rename", {"runner rename last mnist-warm", "what it is called from now on"}},
    {"archive", {"runner archive 2q6gsxa52f", "lists leave it out"}},
    {"delete", {"runner delete 2q6gsxa52f --yes", "with its logs and checkpoints"}},
    {"delete",
     {"runner delete --where 'status == failed and started < -30d'", "shows them and asks"}},
    {"gc", {"runner gc", "what a kill has left behind"}},
    {"export", {"runner export last@best --to model.safetensors", "for PyTorch"}},
    {"export", {"runner export last mnist --to points.csv --metric 'eval/*'", "points, as CSV"}},
    {"export", {"runner export last --format tensorboard --to events", "for TensorBoard"}},
    {"import", {"runner import lightning_logs", "what Lightning's CSVLogger has written"}},
    {"merge", {"runner merge cluster.db", "the runs of another database"}},
    {"components", {"runner components", "what a recipe can name"}},
    {"components", {"runner components optimizer adamw", "every field with its default and range"}},
    {"schema",
     {"runner schema > recipe.schema.json", "for editors, which complete and check with it"}},
    {"lr-find", {"runner lr-find recipes/mnist.yaml", "the loss over a growing learning rate"}},
    {"batch-find", {"runner batch-find recipes/mnist.yaml", "speed and memory of each batch size"}},
    {"verify",
     {"runner verify equivalence recipes/mnist.yaml", "the same gradients on 1 to 4 ranks"}},
    {"bisect", {"runner bisect 2q7ekq 2q7ekv", "where two runs with ledger: on begin to differ"}},
    {"doctor", {"runner doctor", "what is wrong here, and the command that mends it"}},
    {"completion", {"eval \"$(runner completion bash)\"", "in ~/.bashrc; so for zsh in ~/.zshrc"}},
    {"completion", {"runner completion fish | source", "in ~/.config/fish/config.fish"}},
});

// Those of all commands in one row, for spans.
constexpr auto examples = [] {
  std::array<Example, all.size()> out{};
  for (std::size_t i = 0; i < all.size(); ++i) out[i] = all[i].example;
  return out;
}();

struct ExitCodes {
  std::string_view command, meaning;
};

/// Where they do not mean what they usually do.
constexpr std::array own_exit_codes{
    ExitCodes{"gate", "0 no regression, 1 a regression, 2 your mistake"},
    ExitCodes{"race", "0 settled, 1 failed, 2 your mistake, 3 not settled, or stopped early"},
    ExitCodes{"reproduce", "0 reproduced, 1 not, 2 your mistake, 3 stopped before it was known"},
    ExitCodes{"watch", "0 the run is done, 1 it failed, 2 your mistake, 3 it was stopped"}};

std::string footer(const CLI::App& command) {
  std::string out = "Examples:\n";
  for (const auto& [line, about] : examples_of(command.get_name()))
    out += fmt::format("  {}\n      {}\n", line, about);
  const auto own = command.get_footer();
  return fmt::format("{}\n{}{}Exit codes: {}.", out, own, own.empty() ? "" : "\n\n",
                     exit_codes_of(command.get_name()));
}

}  // namespace

std::string_view exit_codes_of(std::string_view command) {
  const auto* own = std::ranges::find(own_exit_codes, command, &ExitCodes::command);
  return own == own_exit_codes.end() ? "0 done, 1 failed, 2 your mistake, 3 stopped early"
                                     : own->meaning;
}

std::span<const Example> examples_of(std::string_view command) {
  const auto first = std::ranges::find(all, command, &Entry::command);
  const auto last =
      std::find_if(first, all.end(), [&](const auto& entry) { return entry.command != command; });
  return std::span(examples).subspan(static_cast<std::size_t>(first - all.begin()),
                                     static_cast<std::size_t>(last - first));
}

void add_examples(CLI::App& app) {
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; }))
    if (!examples_of(command->get_name()).empty()) command->footer(footer(*command));
}

}  // namespace runner
