#include "tests/trust/disk.hpp"

#include "tests/program/program.hpp"

#include <cstring>
#include <fstream>
#include <utility>

#include <sys/stat.h>

namespace runner {

namespace fs = std::filesystem;
using preload::Record;

namespace {

constexpr std::size_t sector = 512;

std::uint64_t inode(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool coin(std::mt19937_64& random) { return (random() & 1) != 0; }

}  // namespace

std::vector<Operation> read_log(const fs::path& file) {
  const auto bytes = read_file(file);
  std::vector<Operation> all;
  for (std::size_t at = 0; at + sizeof(Record) <= bytes.size();) {
    Operation next{};
    std::memcpy(&next.record, bytes.data() + at, sizeof(Record));
    at += sizeof(Record);
    next.one = bytes.substr(at, next.record.one);
    next.two = bytes.substr(at + next.record.one, next.record.two);
    at += next.record.one + next.record.two;
    all.push_back(std::move(next));
  }
  return all;
}

Inodes inodes_in(const fs::path& folder) {
  Inodes found{{".", inode(folder)}};
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    found[entry.path().lexically_relative(folder).string()] = inode(entry.path());
  return found;
}

Disk::Disk(const fs::path& folder, const Inodes& inodes) : root_(load(folder, folder, inodes)) {}

std::shared_ptr<Disk::Node> Disk::load(const fs::path& path, const fs::path& from,
                                       const Inodes& inodes) {
  auto node = std::make_shared<Node>();
  nodes_[inodes.at(path.lexically_relative(from).string())] = node;
  node->is_folder = fs::is_directory(path);
  if (!node->is_folder) {
    node->bytes = read_file(path);
    return node;
  }
  for (const auto& entry : fs::directory_iterator(path))
    node->names[entry.path().filename().string()] = load(entry.path(), from, inodes);
  return node;
}

std::shared_ptr<Disk::Node> Disk::find(std::uint64_t inode) const {
  const auto found = nodes_.find(inode);
  return found == nodes_.end() ? nullptr : found->second;
}

std::shared_ptr<Disk::Node> Disk::named(const Node& folder, const std::string& name) {
  for (auto change = folder.changes.rbegin(); change != folder.changes.rend(); ++change)
    for (const auto& [where, names] : (*change)->of)
      if (const auto found = names.find(name); where.get() == &folder && found != names.end())
        return found->second;
  const auto found = folder.names.find(name);
  return found == folder.names.end() ? nullptr : found->second;
}

void Disk::change(std::vector<std::pair<std::shared_ptr<Node>, Names>> of) {
  const auto made = std::make_shared<Change>(Change{std::move(of)});
  for (const auto& [folder, names] : made->of)
    if (folder->changes.empty() || folder->changes.back() != made) folder->changes.push_back(made);
}

void Disk::put(std::string& bytes, const Write& write) {
  if (write.cuts) return bytes.resize(write.offset);
  if (bytes.size() < write.offset + write.bytes.size())
    bytes.resize(write.offset + write.bytes.size());
  bytes.replace(write.offset, write.bytes.size(), write.bytes);
}

void Disk::lay(const Names& changed, Names& names) {
  for (const auto& [name, there] : changed) names[name] = there;
  std::erase_if(names, [](const auto& named) { return !named.second; });
}

void Disk::sync(Node& node) {
  for (const auto& write : node.pending) put(node.bytes, write);
  node.pending.clear();
  for (const auto& change : std::exchange(node.changes, {})) {
    if (change->is_done) continue;
    for (const auto& [folder, changed] : change->of) lay(changed, folder->names);
    change->is_done = true;
  }
}

void Disk::apply(const Operation& operation) {
  const auto& [record, one, two] = operation;
  const auto parent = find(record.parent), other = find(record.other);
  switch (record.what) {
    case Record::made_file:
    case Record::made_folder:
      nodes_[record.inode] = std::make_shared<Node>();
      nodes_[record.inode]->is_folder = record.what == Record::made_folder;
      break;
    case Record::linked:
      if (parent) change({{parent, {{one, find(record.inode)}}}});
      break;
    case Record::unlinked:
      if (parent) change({{parent, {{one, nullptr}}}});
      break;
    case Record::renamed:
    case Record::exchanged: {
      if (!parent || !other) break;
      const auto moved = named(*parent, one);
      const auto back = record.what == Record::exchanged ? named(*other, two) : nullptr;
      if (parent == other)
        change({{parent, {{one, back}, {two, moved}}}});
      else
        change({{parent, {{one, back}}}, {other, {{two, moved}}}});
      break;
    }
    case Record::written:
      if (const auto node = find(record.inode))
        node->pending.push_back({record.offset, one, false});
      break;
    case Record::cut:
      if (const auto node = find(record.inode)) node->pending.push_back({record.offset, "", true});
      break;
    case Record::synced:
      if (const auto node = find(record.inode)) sync(*node);
      break;
    case Record::said:
      break;
  }
}

void Disk::leave(const fs::path& folder, std::mt19937_64& random) const {
  // At times nothing has come through, at times everything, mostly some.
  const auto mood = random() % 4;
  std::map<const Change*, bool> kept;
  for (const auto& [number, node] : nodes_)
    for (const auto& change : node->changes)
      kept.try_emplace(change.get(), mood == 1 || (mood != 0 && coin(random)));
  write_out(*root_, folder, kept, random);
}

void Disk::write_out(const Node& node, const fs::path& path,
                     const std::map<const Change*, bool>& kept, std::mt19937_64& random) {
  if (!node.is_folder) {
    auto bytes = node.bytes;
    const auto mood = random() % 4;
    for (auto write : node.pending) {
      if (mood == 0 || (mood != 1 && coin(random))) continue;
      if (mood == 2 && write.bytes.size() > sector && coin(random))
        write.bytes.resize(sector * (random() % (write.bytes.size() / sector)));
      put(bytes, write);
    }
    std::ofstream(path, std::ios::binary) << bytes;
    fs::permissions(path, fs::perms::owner_all);  // scripts are among them
    return;
  }
  auto names = node.names;
  for (const auto& change : node.changes)
    if (change->is_done || kept.at(change.get()))
      for (const auto& [folder, changed] : change->of)
        if (folder.get() == &node) lay(changed, names);
  fs::create_directory(path);
  for (const auto& [name, there] : names) write_out(*there, path / name, kept, random);
}

}  // namespace runner
