#pragma once

#include "registry/catalog.hpp"
#include "registry/models/bigram.hpp"
#include "registry/models/cnn.hpp"
#include "registry/models/mlp.hpp"
#include "registry/models/mnist_cnn.hpp"
#include "registry/models/resnet.hpp"

namespace runner {

using Models = Catalog<Named<"cnn", Cnn>, Named<"mlp", Mlp>, Named<"mnist_cnn", MnistCnn>,
                       Named<"resnet", Resnet>, Named<"bigram", Bigram>>;

}  // namespace runner
