#!/usr/bin/env bash
# Expected: a source whose OBJECT_DEPENDS names a file is compiled again when that file changes, also where UNITY_BUILD puts
#           the source into a unit with others.
# Happens:  inside a unit the property is dropped without a word: the unit is not compiled again, and the old contents stay in
#           the program. Only SKIP_UNITY_BUILD_INCLUSION on that source keeps the dependency. Files found by #include are
#           followed by the compiler's own dependency file, so what is lost is just what no compiler sees, such as .incbin.
# Seen:     cmake 3.25.2 and 4.1.0 from PyPI with ninja 1.11.1.4 and g++ 12, 2026-11-29
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

mkdir project
cat >project/CMakeLists.txt <<'X'
cmake_minimum_required(VERSION 3.25)
project(show LANGUAGES CXX)
add_executable(show text.cpp main.cpp)
set_target_properties(show PROPERTIES UNITY_BUILD ${UNITS})
set_source_files_properties(text.cpp PROPERTIES OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/text.txt)
X
cat >project/text.cpp <<'X'
__asm__(".section .rodata\n.global text\ntext: .incbin \"" TEXT "\"\n.byte 0\n.previous\n");
X
cat >project/main.cpp <<'X'
#include <cstdio>
extern "C" const char text[];
int main() { std::puts(text); }
X

# Prints what the program says after text.txt has changed from "old" to "new".
after_the_change() {  # cmake's folder, UNITY_BUILD
    local cmake=$1/bin/cmake build=$1-$2
    printf old >project/text.txt
    export PYTHONPATH=$work/$1 CXXFLAGS="-DTEXT='\"$work/project/text.txt\"'"
    "$cmake" -S project -B "$build" -G Ninja -DUNITS="$2" -DCMAKE_MAKE_PROGRAM="$work/$1/bin/ninja" >/dev/null
    "$cmake" --build "$build" >/dev/null
    sleep 1; printf new >project/text.txt
    "$cmake" --build "$build" >/dev/null
    "$build/show"
}

for version in 3.25.2 4.1.0; do
    python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --target "$version" "cmake==$version" ninja==1.11.1.4
    alone=$(after_the_change "$version" OFF) unit=$(after_the_change "$version" ON)
    echo "cmake $version: file by file '$alone', in a unit '$unit'"
    [ "$alone" = new ] && [ "$unit" = old ]
done
