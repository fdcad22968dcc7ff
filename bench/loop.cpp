// The MNIST example as one would write it by hand with LibTorch, for the overhead of the runner's
// own loop: the same network, optimizer, batch size and number of steps; data as one normalised
// tensor in memory. Prints one JSON object.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include <malloc.h>
#include <torch/nn.h>

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct Net : torch::nn::Module {
  torch::nn::Conv2d conv1{
      register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 32, 3)))};
  torch::nn::Conv2d conv2{
      register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(32, 64, 3)))};
  torch::nn::Dropout dropout1{register_module("dropout1", torch::nn::Dropout(0.25))};
  torch::nn::Dropout dropout2{register_module("dropout2", torch::nn::Dropout(0.5))};
  torch::nn::Linear fc1{register_module("fc1", torch::nn::Linear(9216, 128))};
  torch::nn::Linear fc2{register_module("fc2", torch::nn::Linear(128, 10))};

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(conv1(x));
    x = torch::max_pool2d(torch::relu(conv2(x)), 2);
    x = torch::relu(fc1(torch::flatten(dropout1(x), 1)));
    return torch::log_softmax(fc2(dropout2(x)), 1);
  }
};

struct Adadelta {
  std::vector<torch::Tensor> parameters, square_avg{}, acc_delta{};

  explicit Adadelta(std::vector<torch::Tensor> all) : parameters(std::move(all)) {
    for (const auto& p : parameters) {
      square_avg.push_back(torch::zeros_like(p));
      acc_delta.push_back(torch::zeros_like(p));
    }
  }

  void step(double lr) {
    torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto gradient = parameters[i].grad();
      square_avg[i].mul_(0.9).addcmul_(gradient, gradient, 0.1);
      const auto std = square_avg[i].add(1e-6).sqrt_();
      const auto delta = acc_delta[i].add(1e-6).sqrt_().div_(std).mul_(gradient);
      acc_delta[i].mul_(0.9).addcmul_(delta, delta, 0.1);
      parameters[i].add_(delta, -lr);
    }
  }
};

torch::Tensor read_bytes(const std::string& path, std::int64_t header,
                         std::vector<std::int64_t> shape) {
  auto out = torch::empty(shape, torch::kByte);
  std::ifstream file(path, std::ios::binary);
  file.seekg(header);
  file.read(static_cast<char*>(out.data_ptr()), static_cast<std::streamsize>(out.nbytes()));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: bench-loop FOLDER_WITH_UNPACKED_MNIST STEPS keep-pages|stock-malloc\n";
    return 2;
  }
  const double start = now();
  const std::string folder = argv[1];
  const int steps = std::atoi(argv[2]);
  if (std::string(argv[3]) == "keep-pages") {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, -1);
  }
  torch::manual_seed(1);
  const auto images = read_bytes(folder + "/train-images-idx3-ubyte", 16, {60000, 1, 28, 28})
                          .to(torch::kFloat)
                          .div_(255)
                          .sub_(0.1307)
                          .div_(0.3081);
  const auto labels = read_bytes(folder + "/train-labels-idx1-ubyte", 8, {60000}).to(torch::kLong);
  Net net;
  Adadelta optimizer(net.parameters());
  const auto order = torch::randperm(60000);
  double first_step = 0, warm = 0;
  for (int step = 0; step < steps; ++step) {
    const auto batch = order.slice(0, step * 64, (step + 1) * 64);
    net.zero_grad();
    const auto loss =
        torch::nll_loss(net.forward(images.index_select(0, batch)), labels.index_select(0, batch));
    loss.backward();
    optimizer.step(1.0);
    if (step == 0) first_step = now();
    if (step == 19) warm = now();
  }
  std::cout << "{\"first_step_s\": " << first_step - start
            << ", \"it_per_s\": " << (steps - 20) / (now() - warm) << "}\n";
}
