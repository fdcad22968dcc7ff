// One optimizer step over the parameters of a small network (1.2 million) or a large one (100
// million): `bench-optimizer NAME SIZE THREADS`. Prints one JSON object; milliseconds, median.
#include "registry/builders.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include <ATen/Parallel.h>
#include <malloc.h>

using namespace runner;

namespace {

std::vector<Parameter> parameters_of(const std::string& size) {
  // As peers/optimizer.py has them.
  std::vector<std::vector<std::int64_t>> shapes{{32, 1, 3, 3}, {32},  {64, 32, 3, 3}, {64},
                                                {128, 9216},   {128}, {10, 128},      {10}};
  if (size == "large") {
    shapes.clear();
    for (int i = 0; i < 12; ++i) shapes.insert(shapes.end(), {{2048, 4096}, {2048}});
  }
  std::vector<Parameter> out;
  for (const auto& shape : shapes) {
    auto tensor = at::randn(shape).requires_grad_();
    tensor.mutable_grad() = at::randn(shape);
    out.push_back({std::to_string(out.size()), tensor});
  }
  return out;
}

double step_ms(Optimizer& optimizer) {
  const auto start = std::chrono::steady_clock::now();
  optimizer.step(optimizer.base_lr(), nullptr);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string name = argv[1], size = argv[2];
  mallopt(M_MMAP_THRESHOLD, 1 << 30);  // as runner-worker does
  mallopt(M_TRIM_THRESHOLD, -1);
  at::set_num_threads(std::atoi(argv[3]));
  const auto optimizer = build_optimizer({{"name", name}}, parameters_of(size));
  std::vector<double> times;
  for (int i = 0; i < (size == "large" ? 12 : 200); ++i) times.push_back(step_ms(*optimizer));
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  std::cout << R"({"step_ms": )" << times[times.size() / 2] << "}\n";
}
