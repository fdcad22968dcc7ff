#!/usr/bin/env bash
# Expected: with `-fpch-instantiate-templates` clang instantiates what a precompiled header uses once, when the
#           header is compiled; a file that includes the header and nothing else instantiates nothing.
# Happens:  the virtual functions of a class template are instantiated again in every file, if a class of the header
#           that derives from it is constructed in the header, if only by a constructor with a body. Functions that are not
#           virtual, and those of classes that nothing in the header constructs, are not. (A header with many such classes, as LibTorch's torch/nn.h with its 76 modules,
#           costs every file seconds.)
# Seen:     clang 1:14.0.6-12 of Debian 12, 2026-11-29
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

version=1:14.0.6-12
apt-get download -q -o APT::Sandbox::User=root "clang-14=$version" "libclang-cpp14=$version" "libllvm14=$version" "libclang-common-14-dev=$version" \
    libedit2 libxml2 libz3-4 libicu72 libbsd0 libmd0 libtinfo6 >/dev/null
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu:$work/root/lib/x86_64-linux-gnu
clang=$work/root/usr/lib/llvm-14/bin/clang

cat >header.hpp <<'X'
template <class T> int work(T number) { return number + 1; }
struct Base { virtual int clone() const = 0; };
template <class T> struct Cloneable : Base {
  int clone() const override { return work(sizeof(T)); }
  int plain() const { return work(sizeof(T)); }
};
struct Constructed : Cloneable<Constructed> { Constructed() {} };
struct Unused : Cloneable<Unused> {};
inline int used() { return Constructed().plain() + work(1.5f); }
X
echo '' >empty.cpp
"$clang" -std=c++20 -x c++-header -fpch-instantiate-templates header.hpp -o header.pch
# A trace of everything, however short it took.
"$clang" -std=c++20 -include-pch header.pch -ftime-trace -ftime-trace-granularity=0 -c empty.cpp -o empty.o
"$clang" --version | head -n 1
found=$(grep -o '"name":"InstantiateFunction","args":{"detail":"[^"]*"' empty.json | sed 's/.*"detail":"//; s/"$//' | sort)
echo "instantiated in an empty file: ${found:-nothing}"
grep -qx 'Cloneable<Constructed>::clone' <<<"$found" && [ "$(wc -l <<<"$found")" = 1 ]
