#pragma once

#include <cstdint>
#include <vector>

namespace runner {

/// As many as there are direction numbers (Joe and Kuo).
std::size_t sobol_dimensions();

/// The number-th point of the Sobol sequence, from 0, whose first point is all zeros.
std::vector<double> sobol_point(std::size_t dimensions, std::int64_t number);

/// The same with Owen's nested uniform scrambling: each bit is flipped or not by a hash of the
/// seed, the dimension and the bits before it. The first 2^k points still have one in each 2^k-th
/// part of every axis, no point stands out (the zeros become any point, so none is left out), and
/// another seed gives other points.
std::vector<double> scrambled_sobol_point(std::size_t dimensions, std::int64_t number,
                                          std::uint64_t seed);

}  // namespace runner
