#include "registry/datasets/digest.hpp"

#include "registry/datasets/input_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace runner {
namespace {

void require(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("OpenSSL offers no SHA-256");
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  require(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

namespace {

constexpr std::string_view of_all = "xxh3-128:", of_samples = "xxh3-128-sampled:";

/// Each begins where the same share of the file is passed; the first and the last are among them.
template <class Use>
void for_each_sample(const InputFile& file, const Use& use) {
  constexpr std::size_t samples = 1024, size = 64 << 10;
  std::vector<std::byte> buffer(size);
  const auto last = file.size() - std::min(size, file.size());
  for (std::size_t i = 0; i < samples; ++i)
    use(file.read_at(static_cast<std::size_t>(static_cast<double>(last) * static_cast<double>(i) /
                                              (samples - 1)),
                     buffer));
}

}  // namespace

std::string content_digest(const std::filesystem::path& path) {
  return content_digest(path, 1'000'000'000);
}

std::string content_digest(const std::filesystem::path& path, std::size_t most_read_whole) {
  InputFile file(path);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       XXH3_freeState);
  XXH3_128bits_reset(state.get());
  const auto update = [&](std::span<const std::byte> piece) {
    XXH3_128bits_update(state.get(), piece.data(), piece.size());
  };
  const bool whole = file.size() <= most_read_whole;
  if (whole) {
    file.for_each_piece(update);
  } else {
    const std::uint64_t size = file.size();
    update(std::as_bytes(std::span(&size, 1)));
    for_each_sample(file, update);
  }
  const auto hash = XXH3_128bits_digest(state.get());
  return fmt::format("{}{:016x}{:016x}", whole ? of_all : of_samples, hash.high64, hash.low64);
}

bool is_sampled(std::string_view content_digest) { return content_digest.starts_with(of_samples); }

std::string sha256_of_file(const std::filesystem::path& path) {
  InputFile file(path);
  Sha256 digest;
  file.for_each_piece([&](auto piece) { digest.update(piece); });
  return digest.hex();
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  digest.update(bytes);
  return digest.hex();
}

std::string sha256(std::string_view text) { return sha256(std::as_bytes(std::span(text))); }

}  // namespace runner
