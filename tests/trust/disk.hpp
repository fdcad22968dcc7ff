#pragma once

#include "tests/trust/preload.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace runner {

/// A logged operation with its bytes.
struct Operation {
  preload::Record record;
  std::string one, two;
};

std::vector<Operation> read_log(const std::filesystem::path& file);

/// Of everything in the folder, by its path from there; the folder itself is ".".
using Inodes = std::map<std::string, std::uint64_t>;

Inodes inodes_in(const std::filesystem::path& folder);

/// What a disk holds after a power cut, simulated. It promises what POSIX does and no more: fsync
/// of a file keeps its bytes, fsync of a folder the names in it. Of what came after, any may be
/// there or not, in any order, and a write in part.
class Disk {
 public:
  /// What is in the folder is on the disk, with those inodes.
  Disk(const std::filesystem::path& folder, const Inodes& inodes);

  void apply(const Operation& operation);
  /// The power fails. What is left is written to `folder`.
  void leave(const std::filesystem::path& folder, std::mt19937_64& random) const;

 private:
  struct Write {
    std::uint64_t offset;
    std::string bytes;
    bool cuts;  ///< the file ends at `offset`
  };
  /// Names that a change gives (to inodes) or takes away (null), all at once.
  struct Node;
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  struct Change;
  struct Node {
    bool is_folder = false;
    std::string bytes;                             // of a file, on disk
    std::vector<Write> pending;                    // of a file, not on disk for certain
    Names names;                                   // of a folder, on disk
    std::vector<std::shared_ptr<Change>> changes;  // of a folder, not on disk for certain
  };
  /// Of one folder, or of two by a rename.
  struct Change {
    std::vector<std::pair<std::shared_ptr<Node>, Names>> of;
    bool is_done = false;
  };

  std::shared_ptr<Node> load(const std::filesystem::path& path, const std::filesystem::path& from,
                             const Inodes& inodes);
  std::shared_ptr<Node> find(std::uint64_t inode) const;
  /// As running programs see it.
  static std::shared_ptr<Node> named(const Node& folder, const std::string& name);
  static void change(std::vector<std::pair<std::shared_ptr<Node>, Names>> of);
  static void lay(const Names& changed, Names& names);
  static void sync(Node& node);
  static void put(std::string& bytes, const Write& write);
  static void write_out(const Node& node, const std::filesystem::path& path,
                        const std::map<const Change*, bool>& kept, std::mt19937_64& random);

  std::map<std::uint64_t, std::shared_ptr<Node>> nodes_;
  std::shared_ptr<Node> root_;
};

}  // namespace runner
