#include "runner/record/masked.hpp"

#include "runner/record/surroundings.hpp"

#include <array>
#include <utility>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("credentials in a text are masked, and what only resembles them stays") {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [text, expected] :
       std::array{Pair{"https://me:pa55@host/x and more", "https://***@host/x and more"},
                  Pair{"https://ghp_abc@host", "https://***@host"},
                  Pair{"https://host/a@b", "https://host/a@b"},
                  Pair{"s3://bucket/x?X-Amz-Signature=abc12&part=1",
                       "s3://bucket/x?X-Amz-Signature=***&part=1"},
                  Pair{"https://host/?token=abc&v=2#top", "https://host/?token=***&v=2#top"},
                  Pair{"hf_abcdefghijKLMNOP1234567", "***"},
                  Pair{"hf_hub_download_into_a_folder", "hf_hub_download_into_a_folder"},
                  Pair{"export A=ghp_0123456789abcdefghij0123", "export A=***"},
                  Pair{"AKIA0123456789ABCDEF", "***"},
                  Pair{"sk-learn-is-not-a-secret-at-all", "sk-learn-is-not-a-secret-at-all"},
                  Pair{"Authorization: Bearer abcdef0123456789", "Authorization: Bearer ***"},
                  Pair{"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
                       "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"},
                  Pair{"eos_token: '<|endoftext|>'", "eos_token: '<|endoftext|>'"},
                  Pair{"password=hunter2", "password=hunter2"}, Pair{"", ""}})
    CHECK(masked(text) == expected);
}

TEST_CASE("what a name that speaks of a secret is given is masked where names mean that") {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [text, expected] :
       std::array{Pair{"runner run a.yaml db.password=hunter", "runner run a.yaml db.password=***"},
                  Pair{R"("api_key": "abcdef")", R"("api_key": "***")"},
                  Pair{"+WANDB_API_KEY = 'abcdef'", "+WANDB_API_KEY = '***'"},
                  Pair{"password: hunter2", "password: ***"},
                  Pair{"token = next_token();", "token = next_token();"},
                  Pair{"max_tokens=4096", "max_tokens=4096"},
                  Pair{"tokenizer=byte_level", "tokenizer=byte_level"},
                  Pair{"unk_token: '<unk>'", "unk_token: '<unk>'"}})
    CHECK(masked_by_names(text) == expected);
}

TEST_CASE("every text in a value is masked") {
  CHECK(masked_texts(Json::parse(R"({"a": [1, "http://u:p@h/"], "b": {"c": "plain"}})")) ==
        Json::parse(R"({"a": [1, "http://***@h/"], "b": {"c": "plain"}})"));
}

TEST_CASE("variables are recorded by their exact names, without credentials") {
  const std::array<const char*, 6> environment{
      "OMP_NUM_THREADS=2", "OMP_NUM_THREADS_X=3", "RUNNER_MIRROR=http://me:pw@mirror/",
      "NCCL_AUTHOR=me",    "CONDA_TOKEN=abc",     nullptr};
  CHECK(recorded_environment(environment.data()) ==
        Json{{"OMP_NUM_THREADS", "2"}, {"RUNNER_MIRROR", "http://***@mirror/"}});
}
