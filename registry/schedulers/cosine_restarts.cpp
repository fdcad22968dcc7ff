#include "registry/schedulers/cosine_restarts.hpp"

#include "registry/schedulers/cosine_curve.hpp"

namespace runner {
namespace {

/// How much of its wave is over, from 0.
double share_of_wave(double completed, double first_wave, double growth) {
  if (growth == 1) return std::fmod(completed, first_wave) / first_wave;
  // The logarithm that would give the wave's number is off by one at some restarts.
  double begin = 0, wave = first_wave;
  while (completed - begin >= wave) {
    begin += wave;
    wave *= growth;
  }
  return (completed - begin) / wave;
}

}  // namespace

std::unique_ptr<Schedule> build(const CosineRestarts& options, const Length& length) {
  const auto first_wave = static_cast<double>(options.T_0);
  const auto growth = static_cast<double>(options.T_mult);
  return by_formula(length, options.interval,
                    [first_wave, growth, eta_min = options.eta_min](double base, double completed) {
                      return cosine_curve(base, eta_min,
                                          share_of_wave(completed, first_wave, growth));
                    });
}

}  // namespace runner
