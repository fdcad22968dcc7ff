#include "runner/protocol/channel.hpp"
#include "runner/protocol/description.hpp"
#include "runner/protocol/heartbeat.hpp"
#include "runner/protocol/job.hpp"
#include "tests/program/program.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace runner;

namespace {

const auto worker = std::filesystem::path(RUNNER_BINARY_DIR) / "runner-worker";

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a worker holds nothing of the front: no page, no commands, no terminal, no sweeps") {
  const auto front = content_of(worker.parent_path() / "runner"), rank = content_of(worker);
  for (const std::string text :
       {"<!doctype html>", "Train some steps with a learning rate that grows",
        "stopping after this step; once more to kill", "no more trials are started",
        "was given another run than rank 0", "has no field '"}) {
    CAPTURE(text);
    CHECK(front.find(text) != std::string::npos);
    CHECK(rank.find(text) == std::string::npos);
  }
  MESSAGE("runner-worker has " << rank.size() << " bytes");
}

TEST_CASE("a worker that another version's runner has started says so, and ends") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  Channel channel(ends[0]);
  channel.send(protocol::Hello{1});
  const SharedHeartbeat heartbeat;
  fcntl(heartbeat.fd(), F_SETFD, 0);  // inherited
  const TemporaryDirectory folder;
  const auto told = folder.path() / "told";
  const auto command = fmt::format("exec bash -c 'exec {} 3<&{} 4<&{} 2>{}'", worker.string(),
                                   ends[1], heartbeat.fd(), told.string());
  CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
  close(ends[1]);
  CHECK(channel.receive() == to_json(protocol::Hello{protocol::version()}));
  CHECK(content_of(told) ==
        fmt::format("runner-worker: runner is of another version than runner-worker (protocol "
                    "00000001 and {:08x}): build or install both together\n",
                    protocol::version()));
}
