#include "runner/commands/examples.hpp"

#include "runner/commands/command_line.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

// A test parses each of them, and wants one of every command.
constexpr auto all = std::to_array<Example>({
    {"runner run recipes/mnist.yaml", "train, on every GPU of the machine, else on the CPU"},
    {"runner run recipes/mnist.yaml optimizer=sgd optimizer.lr=0.1 train.epochs=3",
     "other values than the recipe's"},
    {"runner run recipes/mnist.yaml --dry-run", "every value and where it comes from"},
    {"runner resume last", "go on where the latest run was stopped"},
    {"runner resume mnist train.epochs=20", "further than it was meant to go"},
    {"runner stop last", "as Ctrl-C in its terminal would"},
    {"runner submit recipes/mnist.yaml --nodes 2 --gpus 8 --time 1:00:00",
     "8 GPUs on each of 2 nodes"},
    {"runner submit recipes/mnist.yaml --nodes 1 --print", "the script alone"},
    {"runner validate recipes/mnist.yaml", "find every mistake before anything starts"},
    {"runner list --where 'eval/accuracy > 0.98' --sort -eval/accuracy", "the best first"},
    {"runner list --where 'status == failed and started > -7d' --columns +reason",
     "what failed this week, and why"},
    {"runner list --limit 0 --json", "everything, for other programs"},
    {"runner list --group-by optimizer.lr --columns eval/accuracy",
     "a line for each learning rate, with mean and range"},
    {"runner list --sql 'SELECT host, count(*) FROM overview GROUP BY host'", "in plain SQL"},
    {"runner show last", "the latest run"},
    {"runner show mnist --json", "the latest run of a name, in full precision"},
    {"runner compare mnist 2q6gsxa52f", "what differs, then the metrics"},
    {"runner compare a b c --all", "what is the same, too"},
    {"runner why mnist 2q6gsxa52f", "what differs, where they part, what is chance"},
    {"runner watch last", "from another terminal; Ctrl-C leaves the run alone"},
    {"runner reproduce mnist", "its first 100 steps: the same bits?"},
    {"runner reproduce mnist --steps 0 --tolerance 1e-3", "to the end, on another machine"},
    {"runner logs last --follow", "what rank 0 prints, as it prints it"},
    {"runner logs last --rank 3", "what rank 3 has printed"},
    {"runner sweep list", "all sweeps"},
    {"runner sweep show mlp", "its cells, and what mattered"},
    {"runner sweep best mlp --export best.yaml", "a recipe that trains the best again"},
    {"runner race a.yaml b.yaml", "more and more seeds, until it is clear"},
    {"runner gate last --baseline mnist", "exit code 1 when it is worse"},
    {"runner plot", "the losses and metrics of the latest run"},
    {"runner plot mnist 2q6gsxa52f --metric train/loss --log --smooth 0.9",
     "two runs, smoothed, over a logarithmic axis"},
    {"runner plot last --metric eval/accuracy --by epoch --out accuracy.pdf", "for a paper"},
    {"runner plot last --csv", "the points"},
    {"runner plot mlp optimizer.lr", "a sweep over one of its parameters"},
    {"runner plot last --confusion", "which classes were taken for which"},
    {"runner plot --schedule recipes/mnist.yaml scheduler=cosine", "without training"},
    {"runner ui", "the page in a browser"},
    {"runner ui --read-only --no-browser --port 8217", "for others to look at"},
    {"runner tag last mnist --add good,baseline", "two runs, two words to find them by"},
    {"runner tag --where 'tag == good and eval/loss > 1' --remove good", "not so good"},
    {"runner note last 'the first with warm-up'", "what you would have forgotten"},
    {"runner rename last mnist-warm", "what it is called from now on"},
    {"runner archive 2q6gsxa52f", "lists leave it out"},
    {"runner delete 2q6gsxa52f --yes", "with its logs and checkpoints"},
    {"runner delete --where 'status == failed and started < -30d'", "shows them and asks"},
    {"runner gc", "what a kill has left behind"},
    {"runner export last@best --to model.safetensors", "for PyTorch"},
    {"runner export last mnist --to points.csv --metric 'eval/*'", "points, as CSV"},
    {"runner export last --format tensorboard --to events", "for TensorBoard"},
    {"runner import lightning_logs", "what Lightning's CSVLogger has written"},
    {"runner merge cluster.db", "the runs of another database"},
    {"runner components", "what a recipe can name"},
    {"runner components optimizer adamw", "every field with its default and range"},
    {"runner components train", "so of the sections of a recipe"},
    {"runner help recipe", "how a recipe is made, on one page"},
    {"runner help run", "as runner run --help"},
    {"runner schema > recipe.schema.json", "for editors, which complete and check with it"},
    {"runner lr-find recipes/mnist.yaml", "the loss over a growing learning rate"},
    {"runner batch-find recipes/mnist.yaml", "speed and memory of each batch size"},
    {"runner verify equivalence recipes/mnist.yaml", "the same gradients on 1 to 4 ranks"},
    {"runner bisect 2q7ekq 2q7ekv", "where two runs with ledger: on begin to differ"},
    {"runner doctor", "what is wrong here, and the command that mends it"},
    {"eval \"$(runner completion bash)\"", "in ~/.bashrc; so for zsh in ~/.zshrc"},
    {"runner completion fish | source", "in ~/.config/fish/config.fish"},
});

struct ExitCodes {
  std::string_view command, meaning;
};

/// Where they do not mean what they usually do.
constexpr std::array own_exit_codes{
    ExitCodes{"runner bisect", "0 the same, 1 they differ, 2 your mistake"},
    ExitCodes{"runner doctor", "0 nothing is wrong, 1 something is, 2 your mistake"},
    ExitCodes{"runner gate", "0 no regression, 1 a regression, 2 your mistake"},
    ExitCodes{"runner race",
              "0 settled, 1 failed, 2 your mistake, 3 not settled, or stopped early"},
    ExitCodes{"runner reproduce",
              "0 reproduced, 1 not, 2 your mistake, 3 stopped before it was known"},
    ExitCodes{"runner watch", "0 the run is done, 1 it failed, 2 your mistake, 3 it was stopped"}};

/// Whether the line, or what a shell starts in it, begins with the command.
bool is_of(std::string_view line, const std::string& command) {
  const auto begin = line.find(command);
  if (begin == line.npos) return false;
  const auto rest = line.substr(begin + command.size());
  return rest.empty() || rest.starts_with(' ') || rest.starts_with(')');
}

}  // namespace

std::string_view exit_codes_of(const CLI::App& command) {
  const auto line = command_line(command);
  const auto* own = std::ranges::find(own_exit_codes, std::string_view(line), &ExitCodes::command);
  return own == own_exit_codes.end() ? "0 done, 1 failed, 2 your mistake, 3 stopped early"
                                     : own->meaning;
}

std::vector<Example> examples_of(const CLI::App& command) {
  std::vector<Example> out;
  if (!command.get_parent()) return out;  // the program's would be all
  const auto line = command_line(command);
  std::ranges::copy_if(all, std::back_inserter(out),
                       [&](const Example& example) { return is_of(example.line, line); });
  return out;
}

std::string help_end(const CLI::App& command) {
  std::string out;
  for (const auto& [line, about] : examples_of(command))
    out += fmt::format("  {}\n      {}\n", line, about);
  if (!out.empty()) out = "Examples:\n" + out + "\n";
  if (const auto own = command.get_footer(); !own.empty()) out += own + "\n\n";
  return out + fmt::format("Exit codes: {}.", exit_codes_of(command));
}

}  // namespace runner
