// Training as one would write it by hand with LibTorch, for the overhead of the runner's own loop:
// the same network, optimizer and batch size; data as one normalised tensor in memory. Prints one
// JSON object, as peers/report.py does.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <malloc.h>
#include <torch/nn.h>

namespace {

namespace nn = torch::nn;

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct Net : nn::Module {
  virtual torch::Tensor forward(torch::Tensor x) = 0;
};

struct Cnn : Net {
  nn::Conv2d conv1{register_module("conv1", nn::Conv2d(nn::Conv2dOptions(1, 32, 3)))};
  nn::Conv2d conv2{register_module("conv2", nn::Conv2d(nn::Conv2dOptions(32, 64, 3)))};
  nn::Dropout dropout1{register_module("dropout1", nn::Dropout(0.25))};
  nn::Dropout dropout2{register_module("dropout2", nn::Dropout(0.5))};
  nn::Linear fc1{register_module("fc1", nn::Linear(9216, 128))};
  nn::Linear fc2{register_module("fc2", nn::Linear(128, 10))};

  torch::Tensor forward(torch::Tensor x) override {
    x = torch::relu(conv1(x));
    x = torch::max_pool2d(torch::relu(conv2(x)), 2);
    x = torch::relu(fc1(torch::flatten(dropout1(x), 1)));
    return torch::log_softmax(fc2(dropout2(x)), 1);
  }
};

struct Mlp : Net {
  nn::Linear hidden{register_module("hidden", nn::Linear(784, 64))};
  nn::Linear out{register_module("out", nn::Linear(64, 10))};

  torch::Tensor forward(torch::Tensor x) override {
    return torch::log_softmax(out(torch::relu(hidden(x.flatten(1)))), 1);
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

  void operator()() {
    torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto gradient = parameters[i].grad();
      square_avg[i].mul_(0.9).addcmul_(gradient, gradient, 0.1);
      const auto std = square_avg[i].add(1e-6).sqrt_();
      const auto delta = acc_delta[i].add(1e-6).sqrt_().div_(std).mul_(gradient);
      acc_delta[i].mul_(0.9).addcmul_(delta, delta, 0.1);
      parameters[i].sub_(delta);
    }
  }
};

struct Sgd {
  std::vector<torch::Tensor> parameters;

  void operator()() {
    torch::NoGradGuard no_grad;
    for (auto& p : parameters) p.sub_(p.grad(), 0.1);
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

struct Data {
  torch::Tensor images, labels, order{};
  std::int64_t position = 0;

  explicit Data(const std::string& folder)
      : images(read_bytes(folder + "/train-images-idx3-ubyte", 16, {60000, 1, 28, 28})
                   .to(torch::kFloat)
                   .div_(255)
                   .sub_(0.1307)
                   .div_(0.3081)),
        labels(read_bytes(folder + "/train-labels-idx1-ubyte", 8, {60000}).to(torch::kLong)) {}

  torch::Tensor next(std::int64_t size) {
    if (position % images.size(0) == 0) {
      order = torch::randperm(images.size(0));
      position = 0;
    }
    const auto end = std::min(position + size, images.size(0));
    return order.slice(0, std::exchange(position, end), end);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr
        << "usage: bench-loop FOLDER_WITH_UNPACKED_MNIST STEPS cnn|mlp keep-pages|stock-malloc\n";
    return 2;
  }
  const int steps = std::atoi(argv[2]);
  const bool cnn = std::string(argv[3]) == "cnn";
  const std::int64_t batch_size = cnn ? 64 : 32;
  if (std::string(argv[4]) == "keep-pages") {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, -1);
  }
  torch::manual_seed(1);
  Data data(argv[1]);
  const auto net = cnn ? std::shared_ptr<Net>(std::make_shared<Cnn>()) : std::make_shared<Mlp>();
  const auto update = cnn ? std::function<void()>(Adadelta(net->parameters()))
                          : std::function<void()>(Sgd{net->parameters()});
  double first_step_at = 0, warm = 0;
  std::int64_t samples = 0, warm_samples = 0;
  std::vector<torch::Tensor> losses;
  for (int step = 0; step < steps; ++step) {
    const auto batch = data.next(batch_size);
    net->zero_grad();
    const auto loss = torch::nll_loss(net->forward(data.images.index_select(0, batch)),
                                      data.labels.index_select(0, batch));
    loss.backward();
    update();
    losses.push_back(loss.detach());
    samples += batch.size(0);
    if (step == 0) first_step_at = now();
    if (step == 19) {
      warm = now();
      warm_samples = samples;
    }
  }
  const double seconds = now() - warm;
  const auto late = torch::stack(losses).slice(0, std::max(0, steps - 100)).mean().item<double>();
  std::cout.precision(17);
  std::cout << "{\"first_step_at\": " << first_step_at << ", \"steps\": " << steps
            << ", \"samples\": " << samples
            << ", \"samples_per_s\": " << static_cast<double>(samples - warm_samples) / seconds
            << ", \"loss\": " << late << "}\n";
}
