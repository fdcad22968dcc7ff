#include "runner/record/surroundings.hpp"

#include "runner/record/masked.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace runner {
namespace {

/// Exact names: what merely begins like one of these may hold anything.
constexpr auto recorded_variables = std::to_array<std::string_view>(
    {// which devices, and how they compute
     "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_DEVICE_MAX_CONNECTIONS",
     "CUDA_LAUNCH_BLOCKING", "CUDA_MODULE_LOADING", "CUDA_HOME", "CUDA_PATH",
     "CUBLAS_WORKSPACE_CONFIG", "CUBLASLT_WORKSPACE_SIZE", "CUDNN_CONV_WSCAP_DBG",
     "NVIDIA_VISIBLE_DEVICES", "NVIDIA_TF32_OVERRIDE", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
     "TORCH_CUDNN_V8_API_DISABLED", "TORCH_CUDNN_V8_API_LRU_CACHE_LIMIT",
     "TORCH_BLAS_PREFER_CUBLASLT", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF",
     "PYTORCH_NO_CUDA_MEMORY_CACHING",
     // how ranks talk
     "NCCL_ALGO", "NCCL_PROTO", "NCCL_DEBUG", "NCCL_SOCKET_IFNAME", "NCCL_IB_DISABLE",
     "NCCL_IB_HCA", "NCCL_P2P_DISABLE", "NCCL_P2P_LEVEL", "NCCL_SHM_DISABLE", "NCCL_NET_GDR_LEVEL",
     "NCCL_NVLS_ENABLE", "NCCL_MIN_NCHANNELS", "NCCL_MAX_NCHANNELS", "NCCL_BUFFSIZE",
     "NCCL_NTHREADS", "NCCL_CROSS_NIC", "NCCL_CUMEM_ENABLE", "TORCH_NCCL_ASYNC_ERROR_HANDLING",
     "TORCH_NCCL_BLOCKING_WAIT", "TORCH_NCCL_AVOID_RECORD_STREAMS",
     "TORCH_NCCL_HEARTBEAT_TIMEOUT_SEC", "TORCH_DISTRIBUTED_DEBUG", "GLOO_SOCKET_IFNAME",
     // threads and instructions
     "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_DYNAMIC", "OMP_SCHEDULE", "OMP_PROC_BIND",
     "OMP_PLACES", "OMP_WAIT_POLICY", "OMP_MAX_ACTIVE_LEVELS", "OMP_NESTED", "GOMP_SPINCOUNT",
     "GOMP_CPU_AFFINITY", "KMP_AFFINITY", "KMP_BLOCKTIME", "KMP_SETTINGS", "MKL_NUM_THREADS",
     "MKL_DYNAMIC", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE",
     "MKL_THREADING_LAYER", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA",
     "ONEDNN_CPU_ISA_HINTS", "ONEDNN_DEFAULT_FPMATH_MODE", "ONEDNN_PRIMITIVE_CACHE_CAPACITY",
     "DNNL_MAX_CPU_ISA", "DNNL_DEFAULT_FPMATH_MODE", "ATEN_CPU_CAPABILITY", "GLIBC_TUNABLES",
     // memory and libraries
     "MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_",
     "LD_LIBRARY_PATH", "LD_PRELOAD", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV",
     // our own, and the job's size
     "RUNNER_DATA_DIR", "RUNNER_CACHE_DIR", "RUNNER_MIRROR", "RUNNER_DB", "SLURM_JOB_ID",
     "SLURM_JOB_PARTITION", "SLURM_JOB_NUM_NODES", "SLURM_JOB_NODELIST", "SLURM_JOB_GPUS",
     "SLURM_JOB_CPUS_PER_NODE", "SLURM_NTASKS", "SLURM_NTASKS_PER_NODE", "SLURM_CPUS_PER_TASK",
     "SLURM_CPUS_ON_NODE"});

}  // namespace

Json recorded_environment(const char* const* environment) {
  auto recorded = Json::object();
  for (; *environment; ++environment) {
    const std::string_view text = *environment;
    const auto equals = text.find('=');
    if (equals == text.npos) continue;
    const auto name = text.substr(0, equals);
    if (std::ranges::find(recorded_variables, name) == recorded_variables.end()) continue;
    recorded[std::string(name)] = masked_by_names(text.substr(equals + 1));
  }
  return recorded;
}

}  // namespace runner
