#include "registry/datasets/fashion_mnist.hpp"

#include "registry/datasets/idx_archive.hpp"

namespace runner {
namespace {

IdxArchive fashion_mnist_archive() {
  return {"fashion_mnist",
          {"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
           "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
          {"/usr/share/datasets/fashion-mnist"},  // Debian's package dataset-fashion-mnist
          mnist_like_files({"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}),
          {}};
}

}  // namespace

Prepared prepare(const FashionMnist& options, const Preparation& preparation) {
  return prepare(fashion_mnist_archive(), options.root, preparation);
}

SampleType sample_type(const FashionMnist&) { return sample_type(fashion_mnist_archive()); }

Dataset load(const FashionMnist& options, const Prepared& prepared) {
  return load(fashion_mnist_archive(), prepared, options.mean, options.std);
}

}  // namespace runner
