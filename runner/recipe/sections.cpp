#include "runner/recipe/sections.hpp"

namespace runner {

const std::vector<Section>& sections() {
  static const std::vector<Section> all{
      {"", describe_component<General>("general")},
      {"train", describe_component<Train>("train")},
      {"eval", describe_component<Eval>("eval")},
      {"log", describe_component<Log>("log")},
      {"save", describe_component<Save>("save")},
      {"record", describe_component<Record>("record")},
      {"init_from", describe_component<InitFrom>("init_from")},
      {"early_stopping", describe_component<EarlyStopping>("early_stopping")},
      {"profile", describe_component<Profile>("profile")},
  };
  return all;
}

}  // namespace runner
