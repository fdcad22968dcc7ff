#include "runner/doctor/check.hpp"

#include <exception>

namespace runner::doctor {

Checks check_everything(const Place& place) {
  Checks all;
  const auto add = [&all](const char* area, const auto& look) {
    try {
      for (auto& check : look()) all.push_back(std::move(check));
    } catch (const std::exception& error) {
      all.push_back({area, "", Health::problem, error.what()});
    }
  };
  add("machine", [&] { return check_machine(place); });
  add("worker", [&] { return check_worker(); });
  add("gpu", [&] { return check_gpus(place); });
  add("data", [&] { return check_data(place); });
  add("store", [&] { return check_store(place); });
  add("slurm", [&] { return check_slurm(place); });
  add("programs", [&] { return check_programs(place); });
  return all;
}

}  // namespace runner::doctor
