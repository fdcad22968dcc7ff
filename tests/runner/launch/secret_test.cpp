#include "runner/launch/secret.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/runner/launch/environment.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

Secret secret_of(const Variables& variables, bool on_one_machine = false) {
  return find_secret(environment_of(variables), on_one_machine);
}

std::string refusal(const Variables& variables) {
  return error_of<UserError>([&] { secret_of(variables); });
}

}  // namespace

TEST_CASE("a secret is given, or lies in a file of its owner's alone") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "secret";
  write_secret(file);
  const auto drawn = secret_of({{"RUNNER_SECRET_FILE", file.string()}});
  CHECK(drawn.kind == SecretKind::given);
  CHECK(drawn.bytes.size() == 64);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  write_secret(file);  // there is one
  CHECK(secret_of({{"RUNNER_SECRET_FILE", file.string()}}).bytes == drawn.bytes);
  CHECK(secret_of({{"RUNNER_SECRET", "of sixteen bytes"}, {"RUNNER_SECRET_FILE", file.string()}})
            .bytes == "of sixteen bytes");
  CHECK(secret_of({}, true).kind == SecretKind::none);
}

TEST_CASE("a secret that is short, or that others can read, is refused") {
  CHECK(refusal({{"RUNNER_SECRET", "short"}}) ==
        "RUNNER_SECRET has 5 characters: expected at least 16, as `openssl rand -hex 32` prints "
        "them");
  CHECK(refusal({{"RUNNER_SECRET_FILE", "/no/such/file"}}) ==
        "RUNNER_SECRET_FILE is /no/such/file: No such file or directory");
  const TemporaryFolder folder;
  const auto file = (folder.path() / "secret").string();
  write_secret(file);
  std::filesystem::permissions(file, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  CHECK(refusal({{"RUNNER_SECRET_FILE", file}}) == "RUNNER_SECRET_FILE is " + file +
                                                       ", which others can read or write: chmod "
                                                       "600 " +
                                                       file);
  std::ofstream(file, std::ios::trunc) << "short\n";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  CHECK(refusal({{"RUNNER_SECRET_FILE", file}}) ==
        file + " has 5 characters: expected at least 16, as `openssl rand -hex 32` prints them");
}
