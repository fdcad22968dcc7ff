#pragma once

#include "registry/catalog.hpp"
#include "registry/datasets/fashion_mnist.hpp"
#include "registry/datasets/friedman1.hpp"
#include "registry/datasets/mnist.hpp"
#include "registry/datasets/synthetic.hpp"
#include "registry/datasets/table.hpp"
#include "registry/datasets/tensors.hpp"
#include "registry/datasets/text.hpp"

namespace runner {

using Datasets = Catalog<Named<"mnist", Mnist>,                 //
                         Named<"fashion_mnist", FashionMnist>,  //
                         Named<"synthetic", Synthetic>,         //
                         Named<"friedman1", Friedman1>,         //
                         Named<"table", Table>,                 //
                         Named<"tensors", Tensors>,             //
                         Named<"text", Text>>;

}  // namespace runner
