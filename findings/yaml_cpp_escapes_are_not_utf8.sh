#!/usr/bin/env bash
# Expected: yaml-cpp gives the text of a YAML file that is UTF-8 as UTF-8, whatever escapes stand in it. YAML 1.2 has "\_"
#           for U+00A0 (no-break space) and "\N" for U+0085 (next line), which UTF-8 writes as two bytes each.
# Happens:  both come out as one byte, A0 and 85 (Latin-1), so that the text is no UTF-8, and what is given it next (a JSON
#           writer, a terminal, a database) fails. "\xA0", for the same character, comes out right.
# Seen:     yaml-cpp 0.7.0 (Debian 12), 2026-11-29
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

cat >show.cpp <<'CPP'
#include <yaml-cpp/yaml.h>
#include <cstdio>
int main() {
  for (const auto* yaml : {R"("\xA0")", R"("\_")", R"("\N")"}) {
    std::printf("%s ->", yaml);
    for (const unsigned char byte : YAML::Load(yaml).as<std::string>()) std::printf(" %02x", byte);
    std::puts("");
  }
}
CPP
for package in libyaml-cpp-dev libyaml-cpp0.7; do apt-get download -q "$package=0.7.0+dfsg-8+b1" >/dev/null && dpkg -x "$package"_*.deb debian; done
g++ -std=c++17 -Idebian/usr/include show.cpp -Ldebian/usr/lib/x86_64-linux-gnu -lyaml-cpp -o show
echo "libyaml-cpp 0.7.0+dfsg-8+b1"
LD_LIBRARY_PATH=debian/usr/lib/x86_64-linux-gnu ./show | tee out
printf '%s\n' '"\xA0" -> c2 a0' '"\_" -> a0' '"\N" -> 85' | cmp - out
