# Everything but LibTorch comes from the distribution; `./dev` installs it (see packages in ./dev).
find_package(yaml-cpp 0.7 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(CURL 7.80 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers: distributions, Sobol sequences, the page's HTTP server
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Protobuf 3.12 REQUIRED)  # TensorBoard's event files
find_library(CSV_LIBRARY csv REQUIRED)
find_library(MINIZIP_LIBRARY libminizip.a REQUIRED)  # .npz files
find_package(doctest 2.4 REQUIRED)
find_package(Threads REQUIRED)
find_library(HWLOC_LIBRARY hwloc REQUIRED)
# What the page of `runner ui` draws with; compiled in.
find_file(D3_JS d3.min.js PATHS /usr/share/nodejs/d3/dist REQUIRED)
