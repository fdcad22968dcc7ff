#include "fixture.hpp"
#include "registry/datasets/catalog.hpp"
#include "registry/datasets/datasets.hpp"

#include <doctest/doctest.h>

namespace runner::test {
namespace {

const Json mnist_or_fashion{{"name", "mnist"}, {"fallback", "fashion_mnist"}, {"mean", 0.5}};

Prepared only_fashion(const Json& component, const Preparation&) {
  if (component != Json{{"name", "fashion_mnist"}}) throw DataUnavailable("no digits anywhere");
  return {"fashion_mnist", "the wardrobe", {}};
}

Prepared nothing(const Json& component, const Preparation&) {
  throw DataUnavailable("no " + component.at("name").get<std::string>());
}

TEST_CASE("a fallback takes over with its defaults and a warning that can't be missed") {
  Sandbox sandbox;
  const auto prepared = prepare_or_fall_back(mnist_or_fashion, sandbox.preparation(), only_fashion);
  CHECK(prepared.dataset == "fashion_mnist");
  CHECK(sandbox.warnings ==
        std::vector<std::string>{
            "THIS RUN USES fashion_mnist INSTEAD OF mnist, by the recipe's "
            "dataset.fallback: its figures are not mnist's.\nno digits anywhere"});
}

TEST_CASE("without a fallback the error stands") {
  Sandbox sandbox;
  for (const Json& component :
       {Json{{"name", "mnist"}}, Json{{"name", "mnist"}, {"fallback", nullptr}}})
    CHECK(error_of<DataUnavailable>([&] {
            prepare_or_fall_back(component, sandbox.preparation(), only_fashion);
          }) == "no digits anywhere");
  CHECK(sandbox.warnings.empty());
}

TEST_CASE("where both are unavailable one error lists everything tried") {
  Sandbox sandbox;
  CHECK(error_of<DataUnavailable>([&] {
          prepare_or_fall_back(mnist_or_fashion, sandbox.preparation(), nothing);
        }) == "no mnist\n\nThe fallback:\nno fashion_mnist");
  CHECK(sandbox.warnings.empty());
}

TEST_CASE("wrong data is no reason to fall back") {
  Sandbox sandbox;
  const auto corrupt = [](const Json&, const Preparation&) -> Prepared {
    throw DataError("corrupt");
  };
  CHECK(error_of<DataError>([&] {
          prepare_or_fall_back(mnist_or_fashion, sandbox.preparation(), corrupt);
        }) == "corrupt");
}

TEST_CASE("every dataset describes itself with its defaults") {
  const auto datasets = Datasets::describe();
  REQUIRE(datasets.size() == 7);
  CHECK(datasets[0].name == "mnist");
  CHECK(datasets[0].find("mean")->initial == 0.1307);
  CHECK(datasets[0].find("std")->initial == 0.3081);
  CHECK(expectation(*datasets[0].find("fallback")) == "one of fashion_mnist, or null");
  CHECK(datasets[1].find("mean")->initial == 0.286);
  CHECK(datasets[1].find("std")->initial == 0.353);
  CHECK(datasets[2].find("shape")->initial == Json{1, 28, 28});
}

}  // namespace
}  // namespace runner::test
