#pragma once

#include "registry/catalog.hpp"
#include "registry/datasets/fashion_mnist.hpp"
#include "registry/datasets/friedman1.hpp"
#include "registry/datasets/mnist.hpp"
#include "registry/datasets/synthetic.hpp"

namespace runner {

using Datasets = Catalog<Named<"mnist", Mnist>,                 //
                         Named<"fashion_mnist", FashionMnist>,  //
                         Named<"synthetic", Synthetic>,         //
                         Named<"friedman1", Friedman1>>;

}  // namespace runner
