#include "runner/search/sobol.hpp"

#include "registry/random.hpp"

#include <boost/random/sobol.hpp>

namespace runner {
namespace {

constexpr int bits = 53;  // of a double's fraction

double to_double(std::uint64_t fraction) { return static_cast<double>(fraction) * 0x1p-53; }

/// In units of 2^-53. Boost's sequence begins after the zeros.
std::vector<std::uint64_t> fractions(std::size_t dimensions, std::int64_t number) {
  std::vector<std::uint64_t> out(dimensions, 0);
  if (number == 0) return out;
  boost::random::sobol engine(dimensions);
  engine.seed(static_cast<std::uint64_t>(number - 1));
  for (auto& each : out) each = engine() >> (64 - bits);
  return out;
}

std::uint64_t scramble(std::uint64_t fraction, std::uint64_t key) {
  std::uint64_t flips = 0;
  for (int bit = bits - 1; bit >= 0; --bit)
    flips |= (derive(key, bit, fraction >> (bit + 1)) & 1) << bit;
  return fraction ^ flips;
}

}  // namespace

std::size_t sobol_dimensions() { return boost::random::default_sobol_table::max_dimension; }

std::vector<double> sobol_point(std::size_t dimensions, std::int64_t number) {
  std::vector<double> out;
  for (const auto each : fractions(dimensions, number)) out.push_back(to_double(each));
  return out;
}

std::vector<double> scrambled_sobol_point(std::size_t dimensions, std::int64_t number,
                                          std::uint64_t seed) {
  std::vector<double> out;
  for (const auto each : fractions(dimensions, number))
    out.push_back(to_double(scramble(each, derive(seed, out.size()))));
  return out;
}

}  // namespace runner
