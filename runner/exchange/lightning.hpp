#pragma once

#include "runner/exchange/imported.hpp"

#include <filesystem>

namespace runner {

/// What PyTorch Lightning's CSVLogger has written: metrics.csv, and hparams.yaml where it is.
/// Steps are as there. Lightning counts epochs from 0; here `epoch` tells how many are done: at the
/// last step of its epoch 0 that is 1, before it a part. There are no times: all points have that
/// of the file. Where a metric's steps go back, the run went on from a checkpoint, and what was
/// recorded beyond is left out; so are cells that are no numbers or have no column. Throws
/// UserError, with the line, for what is no such file.
Imported read_lightning(const std::filesystem::path& folder);

}  // namespace runner
