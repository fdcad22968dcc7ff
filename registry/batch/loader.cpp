#include "registry/batch/loader.hpp"

#include "registry/batch/resident_loader.hpp"
#include "registry/batch/streamed_loader.hpp"

namespace runner {
namespace {

/// What may be kept whole on a device, though it has to be read or copied to get there.
constexpr std::int64_t most_resident_bytes = std::int64_t{1} << 30;

bool lies_in_memory(const SampleType& type, const SampleSource& source) {
  return source.array(type.fields.size() - 1) != nullptr;
}

bool is_resident(const SampleType& type, const SampleSource& source, const LoaderOptions& options) {
  using enum LoaderOptions::Residence;
  const auto bytes = bytes_of(type, source);
  if (bytes == 0) return false;  // ragged rows
  if (options.residence != automatic) return options.residence == resident;
  if (options.device.is_cpu() && lies_in_memory(type, source)) return true;
  return bytes <= most_resident_bytes;
}

}  // namespace

std::unique_ptr<Loader> make_loader(const Dataset& dataset, const Split& split,
                                    const LoaderOptions& options) {
  if (is_resident(dataset.type, *split.source, options))
    return std::make_unique<ResidentLoader>(dataset, *split.source, options);
  return std::make_unique<StreamedLoader>(dataset, split.source, options);
}

}  // namespace runner
