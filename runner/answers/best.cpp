#include "runner/answers/best.hpp"

#include "experiments/error.hpp"
#include "runner/answers/cells.hpp"
#include "runner/recipe/reference.hpp"
#include "runner/recipe/scalar.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace runner {
namespace {

/// Quoted where it would be read as something else.
void emit_text(YAML::Emitter& out, const std::string& text) {
  const auto plain = read_scalar(text);
  const bool same = plain.problem.empty() && plain.value.is_string() &&
                    plain.value.get_ref<const std::string&>() == text;
  if (!same) out << YAML::DoubleQuoted;
  out << text;
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, item] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, item);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::Flow << YAML::BeginSeq;
    for (const auto& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    emit_text(out, escaped(value.get<std::string>()));
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();  // numbers with all their digits
  }
}

}  // namespace

const Trial& best_trial(const SweepAnswers& answers) {
  const auto cells = summarise(answers.table, answers.goal);
  if (cells.empty() || !cells.front().mean)
    throw UserError(fmt::format("no trial of sweep {} has a value of {} yet", answers.sweep.id,
                                answers.metric));
  const SweepTrial* best = nullptr;
  for (const auto number : cells.front().trials) {
    const auto& trial = answers.table.at(static_cast<std::size_t>(number - 1));
    if (trial.has_value() && (!best || is_better(answers.goal, *trial.value, *best->value)))
      best = &trial;
  }
  return answers.trials.at(static_cast<std::size_t>(best->number - 1));
}

std::string recipe_yaml(const Json& config, const std::string& about) {
  YAML::Emitter out;
  emit(out, config);
  return fmt::format("# {}\n{}\n", about, out.c_str());
}

}  // namespace runner
