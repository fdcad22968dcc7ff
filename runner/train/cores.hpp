#pragma once

namespace runner {

/// Binds this process to part `index` of `count` of the cores that it may use, neighbours in the
/// machine's topology together; gives the number of cores of that part. Where there are fewer cores
/// than parts, nothing is bound, and the answer is 1.
int bind_to_cores(int index, int count);

}  // namespace runner
