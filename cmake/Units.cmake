# Most files here are short, and most of the time of compiling one goes into the headers that it shares with its
# neighbours. So up to `size` files of one folder are compiled as one unit; names in anonymous namespaces have to differ
# within a folder. A unit is small enough that a change in one file waits for little more than that file.
function(compile_in_units target size)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    if(NOT DEFINED count_${name})
      set(count_${name} 0)
    endif()
    math(EXPR unit "${count_${name}} / ${size} + 1")
    math(EXPR count_${name} "${count_${name}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${name}_${unit}")
  endforeach()
endfunction()

# For what knows no torch: what nearly every file there includes, directly or through our own headers.
function(precompile_common_headers target)
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <chrono> <cmath> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional>
    <set> <span> <stdexcept> <string> <string_view> <thread> <tuple> <utility> <variant> <vector>
    <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp>)
endfunction()

# For code that runs once in a process: it takes two thirds of the time to compile, and the program is smaller.
function(compile_for_size target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
endfunction()
