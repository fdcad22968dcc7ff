#pragma once

#include "runner/exchange/imported.hpp"

#include <filesystem>

namespace runner {

/// The scalars in a folder's event files, in both forms that writers have had, and the
/// hyperparameters that its plugin keeps there or that stand beside them in hparams.yaml; other
/// summaries are passed over. Points from the step on at which a run was started again (SessionLog
/// START) are left out; those of a tag without steps are numbered. Throws UserError for a file that
/// is damaged.
Imported read_tensorboard(const std::filesystem::path& folder);

}  // namespace runner
