# Compiles the files of the page into the program: a generated source takes each by the assembler's .incbin.
file(GLOB asset_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/ui/assets/*)
list(APPEND asset_files ${D3_JS})

set(symbols "")
set(entries "")
set(number 0)
foreach(file ${asset_files})
  get_filename_component(name ${file} NAME)
  string(APPEND symbols
         "asm(\".section .rodata\\nasset_${number}:\\n.incbin \\\"${file}\\\"\\nasset_end_${number}:\\n.byte 0\\n.previous\\n\");\n"
         "extern const char asset_${number}[] asm(\"asset_${number}\");\n"
         "extern const char asset_end_${number}[] asm(\"asset_end_${number}\");\n")
  string(APPEND entries "    {\"/${name}\", {asset_${number}, asset_end_${number}}},\n")
  math(EXPR number "${number} + 1")
endforeach()

set(ui_assets ${CMAKE_CURRENT_BINARY_DIR}/ui_assets.cpp)
file(CONFIGURE OUTPUT ${ui_assets} @ONLY CONTENT [[
// Written by runner/ui/Assets.cmake.
#include "runner/ui/assets.hpp"

@symbols@
namespace runner::ui {

std::span<const Asset> assets() {
  static const Asset all[] = {
@entries@  };
  return all;
}

}  // namespace runner::ui
]])
# In a unit with others it would not be compiled again when a file of the page changes.
set_source_files_properties(${ui_assets} PROPERTIES OBJECT_DEPENDS "${asset_files}" SKIP_UNITY_BUILD_INCLUSION ON)
