#include "runner/doctor/check.hpp"
#include "runner/launch/output_of.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/supervise/worker_process.hpp"

#include <array>
#include <chrono>
#include <sstream>

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

constexpr auto rebuild = "./dev build    (or, where it is installed: ./dev install)";

std::string printed_by(const WorkerProcess& worker) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(worker.output_fd(), buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// It ends when nobody is there to give it work.
Check start(const fs::path& executable) {
  const auto begin = std::chrono::steady_clock::now();
  WorkerProcess worker(executable);
  shutdown(worker.channel_fd(), SHUT_RDWR);
  const auto text = printed_by(worker);
  const auto exit = worker.wait();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  if (exit.code == 0 && exit.signal == 0)
    return {"worker", "starts", Health::ok,
            fmt::format("in {:.2f} s, with LibTorch {}", time.count(), RUNNER_LIBTORCH)};
  const auto how =
      exit.signal ? fmt::format("signal {}", exit.signal) : fmt::format("code {}", exit.code);
  return {"worker", "starts", Health::problem, fmt::format("no: {}: {}", how, text), rebuild};
}

/// The folder of LibTorch, by what the loader finds.
Check libraries(const fs::path& executable) {
  std::istringstream lines(
      output_of(fmt::format("ldd {} 2>&1", shell_command({executable.string()}))));
  std::string missing, torch;
  for (std::string line; std::getline(lines, line);) {
    if (const auto end = line.find(" => not found"); end != std::string::npos)
      missing += (missing.empty() ? "" : ", ") + line.substr(1, end - 1);
    if (const auto at = line.find("libtorch_cpu.so => "); at != std::string::npos)
      torch = line.substr(at + 19, line.rfind(" (") - at - 19);
  }
  if (!missing.empty())
    return {"worker", "libraries", Health::problem, "not found: " + missing, rebuild};
  return {"worker", "libraries", Health::ok,
          torch.empty() ? "all found" : fs::path(torch).parent_path().string()};
}

}  // namespace

Checks check_worker() {
  fs::path executable;
  try {
    executable = find_worker();
  } catch (const std::exception& error) {
    return {{"worker", "program", Health::problem, error.what(), rebuild}};
  }
  return {{"worker", "program", Health::ok, executable.string()},
          libraries(executable),
          start(executable)};
}

}  // namespace runner::doctor
