#pragma once

#include "registry/catalog.hpp"
#include "registry/kinds.hpp"
#include "tests/runner/recipe/recipes.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

// A kind that only fields name, and models with fields of each form that holds others.
namespace readers {

struct Words {
  static constexpr auto summary = "a token for each word";

  bool lower = true;
  std::optional<std::int64_t> most;

  static constexpr auto fields() {
    return std::tuple{field("lower", &Words::lower, "capitals mean nothing"),
                      field("most", &Words::most, "the most frequent words", at_least(1))};
  }
};

struct Bpe {
  static constexpr auto summary = "tokens from byte pairs";

  std::int64_t vocabulary = 300;
  std::int64_t reserved = 0;

  static constexpr auto fields() {
    return std::tuple{field("vocabulary", &Bpe::vocabulary, "how many tokens", at_least(256)),
                      field("reserved", &Bpe::reserved, "of them for special ones", at_least(0))};
  }

  std::string conflict() const {
    return reserved < vocabulary ? "" : "reserved leaves no tokens of the vocabulary";
  }
};

struct Bounds {
  double low = 0, high = 1;

  static constexpr auto fields() {
    return std::tuple{field("low", &Bounds::low, "the least"),
                      field("high", &Bounds::high, "the most")};
  }

  std::string conflict() const { return low < high ? "" : "low is not below high"; }
};

struct Step {
  std::string kind = "log";
  double by = 1;

  static constexpr auto fields() {
    return std::tuple{field("kind", &Step::kind, "what is done", one_of<"log", "scale">),
                      field("by", &Step::by, "a factor", above(0))};
  }
};

struct Column {
  std::string name;
  std::string missing = "error";
  std::optional<double> scale;
  std::vector<std::string> parts;
  Bounds bounds{-1, 1};
  std::optional<Bounds> clip;
  std::vector<Step> steps;
  std::optional<Component<"tokenizer">> tokenizer;

  static constexpr auto fields() {
    return std::tuple{
        field("name", &Column::name, "in the header"),
        field("missing", &Column::missing, "what stands for a missing value",
              one_of<"error", "mean", "median", "mode", "zero", "first", "last", "drop">),
        field("scale", &Column::scale, "a factor", above(0)),
        field("parts", &Column::parts, "of a date", one_of<"year", "month", "day">),
        field("bounds", &Column::bounds, "where values lie"),
        field("clip", &Column::clip, "where they are cut; null: nowhere"),
        field("steps", &Column::steps, "what is done in turn"),
        field("tokenizer", &Column::tokenizer, "of a text"),
    };
  }

  std::string conflict() const { return name.empty() ? "name is missing" : ""; }
};

struct Reader {
  static constexpr auto summary = "reads what its fields say";
  static constexpr auto gives = "logits";

  Component<"tokenizer"> tokenizer{"bpe", {{"vocabulary", 1000}}};
  std::optional<Component<"tokenizer">> second;
  std::vector<Column> columns;

  static constexpr auto fields() {
    return std::tuple{field("tokenizer", &Reader::tokenizer, "what makes tokens of text"),
                      field("second", &Reader::second, "another; null: none"),
                      field("columns", &Reader::columns, "what is known of columns")};
  }
};

/// With defaults in its list, and a component that has none.
struct Chooser {
  static constexpr auto summary = "wants a tokenizer";
  static constexpr auto gives = "logits";

  Component<"tokenizer"> tokenizer;
  std::vector<Column> columns{{.name = "age", .scale = 2}, {.name = "city"}};

  static constexpr auto fields() {
    return std::tuple{field("tokenizer", &Chooser::tokenizer, "what makes tokens of text"),
                      field("columns", &Chooser::columns, "what is known of columns")};
  }
};

using Models = Catalog<Named<"reader", Reader>, Named<"chooser", Chooser>>;
using Tokenizers = Catalog<Named<"words", Words>, Named<"bpe", Bpe>>;

}  // namespace readers

/// The program's kinds and these.
inline const std::vector<Kind>& kinds_with_readers() {
  static const auto all = [] {
    auto out = kinds();
    for (auto& kind : out)
      if (kind.name == "model")
        for (auto& each : readers::Models::describe()) kind.components.push_back(std::move(each));
    out.push_back(
        {"tokenizer", "how text becomes tokens", "", readers::Tokenizers::describe(), true});
    return out;
  }();
  return all;
}

/// A folder with r.yaml, where recipes can name them.
class ReaderFolder {
 public:
  explicit ReaderFolder(const std::string& model, const std::string& more = "") {
    folder_.write("r.yaml", "model: " + model +
                                "\ndataset: {name: synthetic, samples: 640}\nloss: cross_entropy\n"
                                "optimizer: sgd\n" +
                                more);
  }

  Recipe read(const std::vector<std::string>& overrides = {}) const {
    return read_recipe("r.yaml", overrides);
  }
  /// What the model comes to.
  Json model(const std::vector<std::string>& overrides = {}) const {
    return read(overrides).config.at("model");
  }
  /// What is said of one argument, without where it stands.
  std::string said_of(const std::string& argument) const {
    const auto text = mistakes("r.yaml", {argument});
    const auto begin = text.find("': ") + 3;
    return text.substr(begin, text.find('\n') - begin);
  }

 private:
  ReplacedKinds kinds_{kinds_with_readers()};
  RecipeFolder folder_;
};

}  // namespace runner
