#include "fixture.hpp"
#include "registry/datasets/curl.hpp"
#include "registry/datasets/digest.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

namespace runner::test {
namespace {

/// Nothing listens there: the connection is refused at once.
const std::string dead_mirror = "http://127.0.0.1:9/";

const std::string refused = curl().easy_strerror(CURLE_COULDNT_CONNECT);

struct Mirrored {
  Sandbox sandbox;
  Toy toy;
  fs::path published = sandbox / "published";

  Mirrored() { toy.pack_to(published); }

  Server serve(std::vector<std::string> faults = {}) {
    return Server(published, sandbox / fmt::format("log{}", servers_++), std::move(faults));
  }
  Prepared fetch(std::vector<std::string> mirrors) {
    toy.archive.mirrors = std::move(mirrors);
    return prepare(toy.archive, std::nullopt, sandbox.preparation());
  }
  std::string unavailable(std::vector<std::string> mirrors) {
    return error_of<DataUnavailable>([&] { fetch(std::move(mirrors)); });
  }
  /// The part that a transfer of the first file from `mirror` leaves.
  fs::path part(const std::string& mirror) const {
    return sandbox.cache(sha256(mirror + first).substr(0, 16) + ".part");
  }
  std::vector<std::string> cached_names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(sandbox.cache()))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  const std::string first = "train-images-idx3-ubyte.gz";
  const std::vector<std::string> each_once{
      "/train-images-idx3-ubyte.gz -", "/train-labels-idx1-ubyte.gz -",
      "/t10k-images-idx3-ubyte.gz -", "/t10k-labels-idx1-ubyte.gz -"};
  const std::vector<std::string> clean_cache{".lock",
                                             "checked",
                                             "t10k-images-idx3-ubyte",
                                             "t10k-labels-idx1-ubyte",
                                             "train-images-idx3-ubyte",
                                             "train-labels-idx1-ubyte"};

 private:
  int servers_ = 0;
};

TEST_CASE("what is nowhere on the machine is downloaded, checked and unpacked once") {
  Mirrored m;
  const auto server = m.serve();
  const auto prepared = m.fetch({server.address()});
  m.toy.require_content(prepared);
  CHECK(prepared.source == server.address());
  CHECK(m.fetch({server.address()}).source == m.sandbox.cache().parent_path().string());
  CHECK(server.requests() == m.each_once);
  CHECK(m.cached_names() == m.clean_cache);
}

TEST_CASE("progress goes from the first byte to the last") {
  Mirrored m;
  const auto server = m.serve();
  m.toy.archive.mirrors = {server.address()};
  std::int64_t last_done = 0, last_total = 0;
  bool grows = true;
  const auto progress = [&](const std::string& file, std::int64_t done, std::int64_t total) {
    if (file != m.first) return;
    grows = grows && done >= last_done;
    last_done = done;
    last_total = total;
  };
  prepare(m.toy.archive, std::nullopt, {progress, m.sandbox.preparation().warn});
  CHECK(grows);
  const auto size = static_cast<std::int64_t>(fs::file_size(m.published / m.first));
  CHECK(last_done == size);
  CHECK(last_total == size);
}

TEST_CASE("the second mirror serves when the first is down, and the first is asked only once") {
  Mirrored m;
  const auto server = m.serve();
  const auto prepared = m.fetch({dead_mirror, server.address()});
  m.toy.require_content(prepared);
  CHECK(prepared.source == server.address());
  CHECK(server.requests() == m.each_once);
}

TEST_CASE("a mirror with other content is passed over") {
  Mirrored m;
  write_gzip(m.sandbox / "other/train-images-idx3-ubyte.gz", make_idx({300, 28, 28}, 99));
  const Server other(m.sandbox / "other", m.sandbox / "log-other");
  const auto server = m.serve();
  m.toy.require_content(m.fetch({other.address(), server.address()}));
  CHECK(m.cached_names() == m.clean_cache);
}

TEST_CASE("redirects are followed") {
  Mirrored m;
  const auto server = m.serve({"--redirect"});
  m.toy.require_content(m.fetch({server.address()}));
}

TEST_CASE("a broken connection is taken up again where it broke") {
  Mirrored m;
  const auto server = m.serve({"--break-after", "100000", "--breaks", "2"});
  m.toy.require_content(m.fetch({server.address()}));
  const auto requests = server.requests();
  REQUIRE(requests.size() == 6);
  CHECK(requests[0] == "/train-images-idx3-ubyte.gz -");
  CHECK(requests[1] == "/train-images-idx3-ubyte.gz bytes=100000-");
  CHECK(requests[2] == "/train-images-idx3-ubyte.gz bytes=200000-");
}

TEST_CASE("a server that cannot continue sends the file anew") {
  Mirrored m;
  const auto server = m.serve({"--break-after", "100000", "--ignore-range"});
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(server.requests()[1] == "/train-images-idx3-ubyte.gz bytes=100000-");
}

TEST_CASE("a part that is complete already is not fetched again") {
  Mirrored m;
  const auto server = m.serve();
  fs::create_directories(m.sandbox.cache());
  fs::copy(m.published / m.first, m.part(server.address()));
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(m.cached_names() == m.clean_cache);
}

TEST_CASE("a part of another content is thrown away and the file fetched whole") {
  Mirrored m;
  const auto server = m.serve();
  write(m.part(server.address()), Bytes(5000));
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(server.requests()[0] == "/train-images-idx3-ubyte.gz bytes=5000-");
  CHECK(server.requests()[1] == "/train-images-idx3-ubyte.gz -");
  CHECK(m.cached_names() == m.clean_cache);
}

TEST_CASE("a damaged file in the cache is fetched again, with a warning") {
  Mirrored m;
  const auto server = m.serve();
  m.fetch({server.address()});
  const auto path = m.sandbox.cache("train-labels-idx1-ubyte");
  fs::resize_file(path, 100);
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(m.sandbox.warnings ==
        std::vector{fmt::format("a cached file is damaged and is fetched again: {}: truncated: 100 "
                                "bytes; expected 308",
                                path.string())});
  CHECK(server.requests().size() == 5);
}

TEST_CASE(
    "a fetch that is killed leaves nothing under a final name, and the next one continues it") {
  Mirrored m;
  std::string address;
  {
    const auto slow = m.serve({"--rate", "100000"});
    address = slow.address();
    const auto child = in_child([&] { m.fetch({address}); });
    eventually(
        [&] { return fs::exists(m.part(address)) && fs::file_size(m.part(address)) > 20000; });
    kill(child, SIGKILL);
    CHECK(wait_for(child) == 128 + SIGKILL);
  }
  const auto name = m.part(address).filename().string();
  CHECK(m.cached_names() == std::vector<std::string>{".lock", name});
  const auto server = m.serve();
  fs::rename(m.part(address), m.part(server.address()));
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(server.requests()[0].starts_with("/train-images-idx3-ubyte.gz bytes="));
  CHECK(m.cached_names() == m.clean_cache);
}

TEST_CASE("of two processes one downloads and the other waits for it") {
  Mirrored m;
  const auto server = m.serve({"--rate", "500000"});
  const auto child = in_child([&] { m.fetch({server.address()}); });
  eventually([&] { return !server.requests().empty(); });
  m.toy.require_content(m.fetch({server.address()}));
  CHECK(wait_for(child) == 0);
  CHECK(server.requests() == m.each_once);
  CHECK(m.sandbox.warnings ==
        std::vector<std::string>{"another process is preparing toy: waiting for it"});
}

TEST_CASE("without any copy the error lists each path and address tried") {
  Mirrored m;
  m.toy.archive.folders = {m.sandbox / "system"};
  const auto server = m.serve();
  fs::remove(m.published / m.first);
  const Server wrong(m.sandbox / "wrong", m.sandbox / "log-wrong");
  write(m.sandbox / "wrong/train-images-idx3-ubyte.gz", Bytes(10));
  write(m.sandbox / "system/train-images-idx3-ubyte", {});
  const auto text = m.unavailable({dead_mirror, server.address(), wrong.address()});
  CHECK(text == fmt::format(R"(toy is not on this machine and no mirror gave it. Tried:
  $RUNNER_DATA_DIR/toy: RUNNER_DATA_DIR is not set
  {}: no train-labels-idx1-ubyte and no train-labels-idx1-ubyte.gz
  {}: No such file or directory
  http://127.0.0.1:9/train-images-idx3-ubyte.gz: {}
  {}train-images-idx3-ubyte.gz: HTTP 404
  {}train-images-idx3-ubyte.gz: not gzip data
Name a folder that has its four files, gzipped or not, by dataset.root, or put them in $RUNNER_DATA_DIR/toy.)",
                            (m.sandbox / "system").string(),
                            m.sandbox.cache().parent_path().string(), refused, server.address(),
                            wrong.address()));
  CHECK(m.cached_names() == std::vector<std::string>{".lock"});
}

TEST_CASE("a server that stops sending counts as down") {
  Mirrored m;
  const auto stuck = m.serve({"--stall-after", "0"});
  const auto server = m.serve();
  m.toy.require_content(m.fetch({stuck.address(), server.address()}));
  CHECK(stuck.requests().size() == 1);
}

TEST_CASE("a server that sends without end is cut off") {
  Mirrored m;
  write(m.published / m.first, Bytes(1'000'000));
  const auto server = m.serve();
  const auto line = fmt::format("{}{}: sends more than 236475 bytes\n", server.address(), m.first);
  CHECK(m.unavailable({server.address()}).find(line) != std::string::npos);
  CHECK(m.cached_names() == std::vector<std::string>{".lock"});
}

TEST_CASE("a site's own mirror is asked instead of the public ones") {
  Mirrored m;
  fs::create_directory(m.sandbox / "site");
  fs::rename(m.published, m.sandbox / "site/toy");
  const Server server(m.sandbox / "site", m.sandbox / "log-site");
  auto address = server.address();
  address.pop_back();
  m.sandbox.set("RUNNER_MIRROR", address);
  CHECK(m.fetch({dead_mirror}).source == address + "/toy/");
}

}  // namespace
}  // namespace runner::test
