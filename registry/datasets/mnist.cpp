#include "registry/datasets/mnist.hpp"

#include "registry/datasets/idx_archive.hpp"

namespace runner {
namespace {

IdxArchive mnist_archive() {
  return {"mnist",
          {"https://ossci-datasets.s3.amazonaws.com/mnist/",
           "https://storage.googleapis.com/cvdf-datasets/mnist/"},
          {},
          mnist_like_files({"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}),
          {}};
}

}  // namespace

Prepared prepare(const Mnist& options, const Preparation& preparation) {
  return prepare(mnist_archive(), options.root, preparation);
}

SampleType sample_type(const Mnist&) { return sample_type(mnist_archive()); }

Dataset load(const Mnist& options, const Prepared& prepared) {
  return load(mnist_archive(), prepared, options.mean, options.std);
}

}  // namespace runner
