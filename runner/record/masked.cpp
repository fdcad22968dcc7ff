#include "runner/record/masked.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace runner {
namespace {

using namespace std::literals;

struct TokenPrefix {
  std::string_view prefix;
  std::size_t least;  ///< letters behind it
  bool has_signs = false;
};

/// How tokens of GitHub, GitLab, Hugging Face, OpenAI, Slack, AWS, Google, npm and PyPI begin, and
/// JSON web tokens.
constexpr std::array token_prefixes{TokenPrefix{"ghp_", 20},
                                    TokenPrefix{"gho_", 20},
                                    TokenPrefix{"ghu_", 20},
                                    TokenPrefix{"ghs_", 20},
                                    TokenPrefix{"ghr_", 20},
                                    TokenPrefix{"hf_", 20},
                                    TokenPrefix{"npm_", 30},
                                    TokenPrefix{"AKIA", 16},
                                    TokenPrefix{"ASIA", 16},
                                    TokenPrefix{"sk-", 20, true},
                                    TokenPrefix{"glpat-", 16, true},
                                    TokenPrefix{"xoxa-", 10, true},
                                    TokenPrefix{"xoxb-", 10, true},
                                    TokenPrefix{"xoxp-", 10, true},
                                    TokenPrefix{"xoxs-", 10, true},
                                    TokenPrefix{"AIza", 30, true},
                                    TokenPrefix{"ya29.", 20, true},
                                    TokenPrefix{"pypi-", 30, true},
                                    TokenPrefix{"github_pat_", 20, true},
                                    TokenPrefix{"eyJ", 30, true}};

constexpr std::array secret_names{"password"sv,    "passwd"sv,      "passphrase"sv, "secret"sv,
                                  "token"sv,       "apikey"sv,      "api_key"sv,    "api-key"sv,
                                  "accesskey"sv,   "access_key"sv,  "access-key"sv, "secret_key"sv,
                                  "secretkey"sv,   "private_key"sv, "credential"sv, "credentials"sv,
                                  "account_key"sv, "auth"sv};

/// Beside these, of an address's parameters.
constexpr std::array secret_parameters{"signature"sv, "sig"sv, "key"sv};

bool is_letter_or_digit(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_name(char letter) { return is_letter_or_digit(letter) || letter == '_' || letter == '-'; }

bool is_end_of_address(char letter) {
  return std::isspace(static_cast<unsigned char>(letter)) != 0 ||
         "\"'<>`"sv.find(letter) != ""sv.npos;
}

bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return out;
}

class Masking {
 public:
  explicit Masking(std::string_view text) : text_(text) {}

  /// By their form alone.
  void look_for_credentials() {
    look_for_addresses();
    look_for_tokens();
    look_for_private_keys();
    look_for_authorizations();
  }
  void look_for_named_values();
  std::string result();

 private:
  void look_for_addresses();
  void look_for_tokens();
  void look_for_private_keys();
  void look_for_authorizations();
  template <class Is>
  std::size_t end_of(std::size_t from, const Is& is) const {
    while (from < text_.size() && is(text_[from])) ++from;
    return from;
  }
  void mask(std::size_t begin, std::size_t end) { secrets_.emplace_back(begin, end); }
  void look_at_parameters(std::size_t begin, std::size_t end);
  void look_at_value(std::size_t at);

  std::string_view text_;
  std::vector<std::pair<std::size_t, std::size_t>> secrets_;
};

void Masking::look_for_addresses() {
  for (auto at = text_.find("://"); at != text_.npos; at = text_.find("://", at + 1)) {
    const auto begin = at + 3;
    const auto end = end_of(begin, [](char letter) { return !is_end_of_address(letter); });
    const auto address = text_.substr(begin, end - begin);
    const auto user_ends = address.substr(0, address.find_first_of("/?#")).rfind('@');
    if (user_ends != text_.npos) mask(begin, begin + user_ends);
    look_at_parameters(begin, end);
  }
}

void Masking::look_at_parameters(std::size_t begin, std::size_t end) {
  const auto until = text_.substr(0, end);
  for (auto at = until.find('?', begin); at < end; at = until.find('&', at + 1)) {
    const auto equals = end_of(at + 1, is_name);
    if (equals >= end || text_[equals] != '=') continue;
    const auto name = lower(text_.substr(at + 1, equals - at - 1));
    const auto ends_name = [&](auto secret) { return name.ends_with(secret); };
    if (std::ranges::any_of(secret_names, ends_name) ||
        std::ranges::any_of(secret_parameters, ends_name))
      mask(equals + 1, std::min(until.find_first_of("&#", equals), end));
  }
}

void Masking::look_for_tokens() {
  for (const auto& token : token_prefixes)
    for (auto at = text_.find(token.prefix); at != text_.npos;
         at = text_.find(token.prefix, at + 1)) {
      if (at > 0 && is_letter_or_digit(text_[at - 1])) continue;
      const auto begin = at + token.prefix.size();
      const auto end = end_of(begin, [&](char letter) {
        return is_letter_or_digit(letter) || (token.has_signs && "_-."sv.find(letter) != ""sv.npos);
      });
      if (end - begin >= token.least && has_digit(text_.substr(begin, end - begin))) mask(at, end);
    }
}

void Masking::look_for_private_keys() {
  constexpr auto head = "PRIVATE KEY-----"sv, tail = "-----END"sv;
  for (auto at = text_.find(head); at != text_.npos; at = text_.find(head, at + 1)) {
    const auto begin = at + head.size();
    const bool begins = text_.substr(0, at).rfind("-----BEGIN") != text_.npos &&
                        text_.substr(0, at).rfind("-----BEGIN") + 40 > at;
    if (begins) mask(begin, std::min(text_.find(tail, begin), text_.size()));
  }
}

void Masking::look_for_authorizations() {
  for (const auto word : {"Bearer "sv, "bearer "sv, "Basic "sv})
    for (auto at = text_.find(word); at != text_.npos; at = text_.find(word, at + 1)) {
      const auto begin = at + word.size();
      const auto end = end_of(begin, [](char letter) {
        return is_letter_or_digit(letter) || "._~+/=-"sv.find(letter) != ""sv.npos;
      });
      if (end - begin >= 12 && has_digit(text_.substr(begin, end - begin))) mask(begin, end);
    }
}

void Masking::look_for_named_values() {
  const auto text = lower(text_);
  for (const auto name : secret_names)
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1))
      look_at_value(at + name.size());
}

/// What follows a name: `=value`, `: value1`, or a text in quotes behind either sign.
void Masking::look_at_value(std::size_t at) {
  constexpr auto blank = [](char letter) { return letter == ' '; };
  constexpr auto plain = [](char letter) {
    return std::isspace(static_cast<unsigned char>(letter)) == 0 &&
           "\"'`&;,(){}<>[]"sv.find(letter) == ""sv.npos;
  };
  if (at < text_.size() && (text_[at] == '"' || text_[at] == '\'')) ++at;
  const auto sign = end_of(at, blank);
  if (sign >= text_.size() || (text_[sign] != '=' && text_[sign] != ':')) return;
  const auto begin = end_of(sign + 1, blank);
  if (begin >= text_.size()) return;
  if (text_[begin] == '"' || text_[begin] == '\'') {
    const auto end = end_of(begin + 1, plain);
    if (end - begin > 4 && end < text_.size() && text_[end] == text_[begin]) mask(begin + 1, end);
    return;
  }
  const auto end = end_of(begin, plain);
  const bool is_call = end < text_.size() && text_[end] == '(';
  const bool is_tight = sign == at && begin == sign + 1 && text_[sign] == '=';
  if (!is_call && end - begin >= 4 && (is_tight || has_digit(text_.substr(begin, end - begin))))
    mask(begin, end);
}

std::string Masking::result() {
  std::ranges::sort(secrets_);
  std::string out;
  std::size_t done = 0;
  for (const auto& [begin, end] : secrets_) {
    if (end <= done || begin == end) continue;
    if (begin >= done) {
      out += text_.substr(done, begin - done);
      out += "***";
    }
    done = end;
  }
  return out += text_.substr(done);
}

}  // namespace

std::string masked(std::string_view text) {
  Masking masking(text);
  masking.look_for_credentials();
  return masking.result();
}

std::string masked_by_names(std::string_view text) {
  Masking masking(text);
  masking.look_for_credentials();
  masking.look_for_named_values();
  return masking.result();
}

Json masked_texts(Json json) {
  if (json.is_string()) return masked(json.get_ref<const std::string&>());
  if (json.is_structured())
    for (auto& each : json) each = masked_texts(std::move(each));
  return json;
}

}  // namespace runner
