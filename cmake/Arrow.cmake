# Arrow and Parquet inside the pyarrow wheel, which lies beside LibTorch's: headers and libraries, with their number in
# the names. Without them `runner export` writes all but Parquet.
set(Arrow_ROOT "${torch_site}/pyarrow" CACHE PATH "The folder with Arrow's include/, libarrow.so and libparquet.so")
file(GLOB arrow_libraries "${Arrow_ROOT}/libarrow.so.*" "${Arrow_ROOT}/libparquet.so.*")
if(arrow_libraries)
  add_library(arrow::arrow INTERFACE IMPORTED)
  target_include_directories(arrow::arrow SYSTEM INTERFACE "${Arrow_ROOT}/include")
  target_link_libraries(arrow::arrow INTERFACE ${arrow_libraries})
  target_link_options(arrow::arrow INTERFACE "LINKER:-rpath,${Arrow_ROOT}")
endif()
