#include "registry/datasets/synthetic.hpp"

#include "registry/transforms/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::int64_t most_bytes = std::int64_t{64} << 30;

/// SplitMix64's output function (Steele, Lea, Flood 2014): the n-th number of the stream `key`, in
/// any order.
std::uint64_t hash(std::uint64_t key, std::uint64_t n) {
  std::uint64_t x = key + (n + 1) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

enum SyntheticStream : std::uint64_t { prototypes, train_noise, eval_noise };

std::uint64_t key_of(const Synthetic& options, SyntheticStream stream) {
  return hash(hash(static_cast<std::uint64_t>(options.seed), 0), stream);
}

/// The sum of the four bytes of `word`, less its mean: nearly normal.
int bell(std::uint32_t word) {
  const std::uint32_t pairs = (word & 0x00ff00ffu) + (word >> 8 & 0x00ff00ffu);
  return static_cast<int>((pairs & 0xffffu) + (pairs >> 16)) - 510;
}

/// sqrt(4 * (256^2 - 1) / 12)
constexpr double bell_deviation = 147.8;

/// Draws a sample: its class's pattern and noise, two pixels from each 64-bit word.
struct Painter {
  std::vector<std::uint8_t> patterns;  ///< classes x pixels
  std::int64_t pixels;
  int gain;  ///< noise: what one unit of `bell` adds to a pixel, times 2^16

  std::uint8_t pixel(std::uint8_t pattern, std::uint32_t word) const {
    return static_cast<std::uint8_t>(std::clamp(pattern + ((bell(word) * gain) >> 16), 0, 255));
  }

  void paint(std::uint8_t* sample, std::int64_t label, std::uint64_t key,
             std::uint64_t first_word) const {
    const auto* const pattern = patterns.data() + label * pixels;
    for (std::int64_t i = 0; i < pixels; i += 2) {
      const auto word = hash(key, first_word + static_cast<std::uint64_t>(i) / 2);
      sample[i] = pixel(pattern[i], static_cast<std::uint32_t>(word));
      if (i + 1 < pixels)
        sample[i + 1] = pixel(pattern[i + 1], static_cast<std::uint32_t>(word >> 32));
    }
  }
};

/// 0 when a sample has no pixels or more than `most_bytes`.
std::int64_t pixels_of(const Synthetic& options) {
  std::int64_t pixels = options.shape.empty() ? 0 : 1;
  for (const auto extent : options.shape)
    if (pixels > 0) pixels = extent > most_bytes / pixels ? 0 : pixels * extent;
  return pixels;
}

Painter make_painter(const Synthetic& options) {
  Painter painter{{},
                  pixels_of(options),
                  static_cast<int>(std::lround(options.noise * 255 / bell_deviation * 65536))};
  painter.patterns.resize(static_cast<std::size_t>(options.classes * painter.pixels));
  const auto key = key_of(options, prototypes);
  for (std::size_t i = 0; i < painter.patterns.size(); ++i)
    painter.patterns[i] = static_cast<std::uint8_t>(64 + hash(key, i) % 128);
  return painter;
}

Array make_array(std::vector<std::int64_t> shape, const std::shared_ptr<std::uint8_t[]>& bytes) {
  return {DType::uint8, std::move(shape), reinterpret_cast<const std::byte*>(bytes.get()), bytes};
}

std::shared_ptr<const SampleSource> make_split(const Synthetic& options, const Painter& painter,
                                               std::int64_t size, std::uint64_t key) {
  const std::shared_ptr<std::uint8_t[]> inputs(
      new std::uint8_t[static_cast<std::size_t>(size * painter.pixels)]);
  const std::shared_ptr<std::uint8_t[]> targets(new std::uint8_t[static_cast<std::size_t>(size)]);
  const auto words_per_sample = static_cast<std::uint64_t>(painter.pixels + 1) / 2;
  for (std::int64_t i = 0; i < size; ++i) {
    targets[i] = static_cast<std::uint8_t>(i % options.classes);
    painter.paint(inputs.get() + i * painter.pixels, targets[i], key,
                  static_cast<std::uint64_t>(i) * words_per_sample);
  }
  std::vector<std::int64_t> shape{size};
  shape.insert(shape.end(), options.shape.begin(), options.shape.end());
  return std::make_shared<ArraySource>(
      std::vector{make_array(std::move(shape), inputs), make_array({size}, targets)});
}

}  // namespace

Prepared prepare(const Synthetic& options, const Preparation&) {
  if (options.shape.empty())
    throw DataError("synthetic: dataset.shape is empty; expected at least one number");
  const auto pixels = pixels_of(options);
  const auto most_samples = pixels == 0 ? 0 : most_bytes / pixels;
  if (options.samples > most_samples - std::min(options.eval_samples, most_samples))
    throw DataError("synthetic: samples times dataset.shape is more than 64 GiB");
  return {"synthetic", fmt::format("made from seed {}", options.seed), {}};
}

SampleType sample_type(const Synthetic& options) {
  return {{{"image", Meaning::image, DType::uint8, options.shape},
           {"class", Meaning::classes, DType::uint8, {}, options.classes}},
          {{"train", options.samples}, {"eval", options.eval_samples}}};
}

Dataset load(const Synthetic& options, const Prepared&) {
  const auto painter = make_painter(options);
  return {
      sample_type(options),
      {{"train", make_split(options, painter, options.samples, key_of(options, train_noise))},
       {"eval", make_split(options, painter, options.eval_samples, key_of(options, eval_noise))}},
      normalised(options.mean, options.std)};
}

}  // namespace runner
