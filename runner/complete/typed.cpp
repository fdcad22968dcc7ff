#include "runner/complete/typed.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace runner::complete {
namespace {

bool takes_value(const CLI::Option* option) {
  return option && option->get_items_expected_max() > 0;
}

/// Reads the words before the last.
class Reader {
 public:
  explicit Reader(const CLI::App& root) { typed_.command = &root; }

  void read(const std::string& word) {
    if (waiting_)
      take_value(word);
    else if (!only_positionals_ && word == "--")
      only_positionals_ = true;
    else if (!only_positionals_ && word.size() > 1 && word.front() == '-')
      take_option(word);
    else if (const auto* next =
                 typed_.given.empty() ? find_subcommand(*typed_.command, word) : nullptr)
      typed_.command = next;
    else
      typed_.given.push_back(word);
  }

  Typed end(const std::string& word) {
    typed_.current = word;
    if (waiting_) {
      typed_.option = waiting_;
    } else if (!only_positionals_ && word.starts_with('-')) {
      typed_.names_option = true;
      if (const auto equals = word.find('='); equals != std::string::npos) value_of(equals);
    } else {
      typed_.option = next_positional();
    }
    return std::move(typed_);
  }

 private:
  void take_value(const std::string& word) {
    if (waiting_->check_name("--db")) typed_.database = word;
    waiting_ = nullptr;
  }

  void take_option(const std::string& word) {
    const auto equals = word.find('=');
    const auto* option = typed_.command->get_option_no_throw(word.substr(0, equals));
    if (!option) return;
    typed_.options.push_back(option);
    if (!takes_value(option)) return;
    waiting_ = option;
    if (equals != std::string::npos) take_value(word.substr(equals + 1));
  }

  /// `--metric=ev`
  void value_of(std::size_t equals) {
    typed_.option = typed_.command->get_option_no_throw(typed_.current.substr(0, equals));
    typed_.before = typed_.current.substr(0, equals + 1);
    typed_.current = typed_.current.substr(equals + 1);
    typed_.names_option = false;
  }

  const CLI::Option* next_positional() const {
    auto left = typed_.given.size();
    for (const auto* option : typed_.command->get_options()) {
      if (!option->get_positional()) continue;
      const auto most = static_cast<std::size_t>(option->get_items_expected_max());
      if (left < most) return option;
      left -= most;
    }
    return nullptr;
  }

  Typed typed_;
  const CLI::Option* waiting_ = nullptr;
  bool only_positionals_ = false;
};

}  // namespace

const CLI::App* find_subcommand(const CLI::App& app, const std::string& name) {
  for (const auto* each : app.get_subcommands({}))
    if (each->get_name() == name) return each;
  return nullptr;
}

Typed read_words(const CLI::App& root, const std::vector<std::string>& words) {
  Reader reader(root);
  if (words.empty()) return reader.end("");
  for (std::size_t i = 0; i + 1 < words.size(); ++i) reader.read(words[i]);
  return reader.end(words.back());
}

}  // namespace runner::complete
