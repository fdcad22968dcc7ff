#pragma once

#include <string>
#include <vector>

namespace runner {

/// Lines at the bottom of a terminal that are drawn anew in their place.
class LiveBlock {
 public:
  /// Whole lines, each ended, instead of those before.
  void show(const std::string& lines);
  /// Back to where they began; a terminal that has become narrower since has broken them.
  void erase();

 private:
  std::vector<int> widths_;  // of its lines, in columns
};

}  // namespace runner
