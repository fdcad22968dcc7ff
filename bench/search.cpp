// Hyperparameter searches on test functions: `bench-search TRIALS SEEDS`. Prints the
// best value after each trial, {function: {sampler: [per seed]}}, and the time of a suggestion, as
// peers/search.py does for Optuna's samplers on the same functions. The least value of each is 0.
#include "runner/search/sampler.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

using namespace runner;

namespace {

constexpr std::int64_t first_seed = 1001;  // others than those that settings were chosen with

using Reals = std::vector<double>;

struct Function {
  std::string name;
  Space space;
  std::function<double(const Reals&)> value;
};

Axis axis(Axis::Kind kind, double low, double high) {
  Axis out;
  out.kind = kind;
  out.low = low;
  out.high = high;
  return out;
}

Axis choice_of(std::size_t count) {
  Axis out;
  out.kind = Axis::Kind::choice;
  out.choices.resize(count);
  return out;
}

Space box(double low, double high, std::size_t dimensions) {
  return Space(dimensions, axis(Axis::Kind::uniform, low, high));
}

double squares(const Reals& x) { return std::inner_product(x.begin(), x.end(), x.begin(), 0.0); }

double rosenbrock(const Reals& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  return sum;
}

double branin(const Reals& x) {
  constexpr double pi = std::numbers::pi;
  const double bowl = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return bowl * bowl + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10 - 0.397887357729739;
}

double hartmann(const Reals& x) {
  constexpr double height[]{1.0, 1.2, 3.0, 3.2};
  constexpr double width[4][6]{{10, 3, 17, 3.5, 1.7, 8},
                               {0.05, 10, 17, 0.1, 8, 14},
                               {3, 3.5, 1.7, 10, 17, 8},
                               {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double peak[4][6]{{1312, 1696, 5569, 124, 8283, 5886},
                              {2329, 4135, 8307, 3736, 1004, 9991},
                              {2348, 1451, 3522, 2883, 3047, 6650},
                              {4047, 8828, 8732, 5743, 1091, 381}};
  double value = 3.322368011391339;
  for (int i = 0; i < 4; ++i) {
    double exponent = 0;
    for (std::size_t j = 0; j < 6; ++j)
      exponent += width[i][j] * std::pow(x[j] - 1e-4 * peak[i][j], 2);
    value -= height[i] * std::exp(-exponent);
  }
  return value;
}

double waves(const Reals& x) {
  double sum = 0;
  for (const double v : x) sum += std::cos(2 * std::numbers::pi * v);
  return sum;
}

double ackley(const Reals& x) {
  const auto n = static_cast<double>(x.size());
  return 20 + std::numbers::e - 20 * std::exp(-0.2 * std::sqrt(squares(x) / n)) -
         std::exp(waves(x) / n);
}

double rastrigin(const Reals& x) {
  return squares(x) - 10 * waves(x) + 10 * static_cast<double>(x.size());
}

double levy(const Reals& x) {
  constexpr double pi = std::numbers::pi;
  const auto w = [&](std::size_t i) { return 1 + (x[i] - 1) / 4; };
  const double last = w(x.size() - 1);
  double sum = std::pow(std::sin(pi * w(0)), 2) +
               std::pow(last - 1, 2) * (1 + std::pow(std::sin(2 * pi * last), 2));
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    sum += std::pow(w(i) - 1, 2) * (1 + 10 * std::pow(std::sin(pi * w(i) + 1), 2));
  return sum;
}

double styblinski(const Reals& x) {
  double sum = 0;
  for (const double v : x) sum += (v * v * v * v - 16 * v * v + 5 * v) / 2 + 39.16616570377142;
  return sum;
}

double michalewicz(const Reals& x) {
  double sum = 4.687658179;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum -= std::sin(x[i]) *
           std::pow(std::sin(static_cast<double>(i + 1) * x[i] * x[i] / std::numbers::pi), 20);
  return sum;
}

/// Made up as training goes: each optimizer has its own best learning rate, which falls with depth;
/// far above it, training diverges.
double training(const Reals& x) {
  constexpr double best_lr[]{-0.5, -1.5, -3}, optimizer[]{0.06, 0.02, 0};
  constexpr double activation[]{0.03, 0, 0.08, 0.2};
  const double width = std::log2(x[1]) - 8, layers = x[2], dropout = x[3] - 0.2;
  const auto which = static_cast<std::size_t>(x[4]);
  const double off = std::log10(x[0]) - (best_lr[which] - 0.08 * layers);
  return optimizer[which] + 0.05 * off * off + (off > 1 ? 2 * off : 0) + 0.02 * width * width +
         0.015 * std::abs(layers - 5) + 0.8 * dropout * dropout +
         activation[static_cast<std::size_t>(x[5])];
}

/// The best rate is another decade for each choice, so that both must change together.
double coupled(const Reals& x) {
  const double off = std::log10(x[0]) + x[4] + 1, width = std::log2(x[1]) - 8;
  return off * off + 0.1 * width * width + 0.1 * std::abs(x[2] - 5) + x[3] +
         0.3 * std::abs(x[4] - 1);
}

double zakharov(const Reals& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += 0.5 * static_cast<double>(i + 1) * x[i];
  return squares(x) + std::pow(sum, 2) + std::pow(sum, 4);
}

double dixon_price(const Reals& x) {
  double sum = std::pow(x[0] - 1, 2);
  for (std::size_t i = 1; i < x.size(); ++i)
    sum += static_cast<double>(i + 1) * std::pow(2 * x[i] * x[i] - x[i - 1], 2);
  return sum;
}

/// Neighbours should be 4 apart, from 5 on.
double whole(const Reals& x) {
  double sum = std::pow(x[0] - 5, 2);
  for (std::size_t i = 1; i < x.size(); ++i) sum += std::pow(x[i] - x[i - 1] - 4, 2);
  return sum;
}

std::vector<Function> functions() {
  using enum Axis::Kind;
  return {{"sphere 5-d", box(-5, 10, 5), squares},
          {"rosenbrock 2-d", box(-5, 10, 2), rosenbrock},
          {"rosenbrock 4-d", box(-5, 10, 4), rosenbrock},
          {"branin", {axis(uniform, -5, 10), axis(uniform, 0, 15)}, branin},
          {"hartmann 6-d", box(0, 1, 6), hartmann},
          {"ackley 5-d", box(-15, 30, 5), ackley},
          {"rastrigin 4-d", box(-4, 6, 4), rastrigin},
          {"training, mixed",
           {axis(log_uniform, 1e-5, 1e1), axis(int_log_uniform, 16, 1024), axis(int_uniform, 1, 8),
            axis(uniform, 0, 0.5), choice_of(3), choice_of(4)},
           training},
          {"coupled, mixed",
           {axis(log_uniform, 1e-5, 1e1), axis(int_log_uniform, 16, 1024), axis(int_uniform, 1, 8),
            axis(uniform, 0, 0.5), choice_of(3)},
           coupled},
          {"levy 4-d", box(-10, 10, 4), levy},
          {"styblinski 5-d", box(-5, 5, 5), styblinski},
          {"michalewicz 5-d", box(0, std::numbers::pi, 5), michalewicz},
          // These were not looked at before tpe's settings stood.
          {"zakharov 4-d", box(-5, 10, 4), zakharov},
          {"dixon-price 4-d", box(-10, 10, 4), dixon_price},
          {"whole numbers 5-d", Space(5, axis(int_uniform, 1, 32)), whole}};
}

double value_at(const Function& function, const Point& point) {
  Reals x;
  for (const auto& each : point) x.push_back(each.get<double>());
  return function.value(x);
}

/// So many trials at once: the next ones are suggested when all of them have ended.
void run_trials(const Function& function, const Search& search, std::int64_t at_once,
                std::vector<Observation>& history) {
  const auto first = history.size();
  for (std::int64_t i = 0; i < at_once; ++i) {
    const auto number = static_cast<std::int64_t>(history.size());
    history.push_back({suggest(search, function.space, number, history), std::nullopt, true});
  }
  for (auto trial = history.begin() + static_cast<std::ptrdiff_t>(first); trial != history.end();
       ++trial)
    *trial = {trial->point, value_at(function, trial->point)};
}

Reals best_so_far(const Function& function, const Search& search, std::int64_t at_once) {
  std::vector<Observation> history;
  for (auto left = *search.trials; left > 0; left -= at_once)
    run_trials(function, search, std::min(left, at_once), history);
  Reals best;
  for (const auto& trial : history)
    best.push_back(best.empty() ? *trial.value : std::min(best.back(), *trial.value));
  return best;
}

/// Of one more suggestion after so many trials.
double milliseconds(const Function& function, Search search, std::int64_t finished) {
  std::vector<Observation> history;
  search.startup_trials = finished;
  run_trials(function, search, finished, history);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) suggest(search, function.space, finished + i, history);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
             .count() /
         10;
}

struct Contestant {
  std::string name, strategy;
  std::int64_t at_once;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::int64_t trials = std::stoll(argv[1]), seeds = std::stoll(argv[2]);
  Json best, times;
  const auto all = functions();
  for (const auto& [name, strategy, at_once] : {Contestant{"tpe", "tpe", 1},
                                                {"tpe, 8 at once", "tpe", 8},
                                                {"sobol", "sobol", 1},
                                                {"random", "random", 1}}) {
    Search search;
    search.strategy = strategy;
    search.trials = trials;
    for (const auto& function : all)
      for (search.seed = first_seed; search.seed < first_seed + seeds; ++search.seed)
        best[function.name][name].push_back(best_so_far(function, search, at_once));
    for (const int finished : {100, 1000})
      times[name][std::to_string(finished)] = milliseconds(all[0], search, finished);
  }
  std::cout << Json{{"best", best}, {"milliseconds", times}} << '\n';
}
