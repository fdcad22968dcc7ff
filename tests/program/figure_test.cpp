#include "registry/description.hpp"
#include "tests/program/recorded.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace runner;

namespace {

double falling(int step) { return 2.0 / step; }
double slowly_falling(int step) { return 2.0 / std::sqrt(step); }

/// What Python prints; fails the test where it fails.
std::string python(const TemporaryDirectory& folder, const std::string& program) {
  const auto printed = Program::command(folder.path(), {"python3", "-c", program}).wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  return printed.out;
}

bool is_installed(const TemporaryDirectory& folder, const std::string& program) {
  return Program::command(folder.path(), {"sh", "-c", "command -v " + program}).wait().code == 0;
}

}  // namespace

TEST_CASE("plot draws the usual metrics of a run over its steps") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 40, falling);
  const auto printed = run(folder.path(), {"plot"});
  CHECK(printed.err == "");
  CHECK(printed.code == 0);
  CHECK(printed.out.starts_with("train/loss over step\n         2 ┤"));
  CHECK(printed.out.find("\nsmall  last 0.05\n\neval/accuracy over step\n") != std::string::npos);
}

TEST_CASE(
    "plot gives runs letters, tells those of one name apart by their settings, and follows --by") {
  const TemporaryDirectory folder;
  const auto first = record_run(folder, "small", 0.1, 40, falling);
  const auto second = record_run(folder, "small", 0.3, 40, slowly_falling);
  const auto printed = run(
      folder.path(), {"plot", first, second, "--metric", "train/loss", "--log", "--by", "time"});
  CHECK(printed.code == 0);
  CHECK(printed.out.starts_with("train/loss (logarithmic) over time\n"));
  CHECK(printed.out.find("a small: optimizer.lr 0.1  last 0.05\n"
                         "b small: optimizer.lr 0.3  last 0.3162\n") != std::string::npos);
  CHECK(printed.out.find("40 s") != std::string::npos);
}

TEST_CASE("plot gives the points as CSV and as JSON, summed up where there are too many") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "small", 0.1, 40, falling);
  const auto csv =
      run(folder.path(), {"plot", "small", "--metric", "train/loss", "--csv", "--points", "20"});
  CHECK(csv.out.starts_with("run,name,metric,step,epoch,time,points,mean,min,max\n" + id +
                            ",small,train/loss,2,"));
  CHECK(csv.out.find(",2,1.5,1,2\n") != std::string::npos);
  const auto json = Json::parse(
      run(folder.path(), {"plot", "--metric", "eval/accuracy,train/loss", "--json"}).out);
  REQUIRE(json.size() == 2);
  CHECK(json[0].at("metric") == "eval/accuracy");
  CHECK(json[0].at("curves")[0].at("points").size() == 4);
  CHECK(json[1].at("curves")[0].at("points")[0].at("mean") == 2.0);
}

TEST_CASE("plot names the metric that was meant, and says which run lacks one") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 40, falling);
  const auto printed = run(folder.path(), {"plot", "small", "--metric", "train/los"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: the run has no metric 'train/los'; did you mean 'train/loss'?\n");
  const auto both = run(folder.path(), {"plot", "last", "--metric", "train/*,*/loss", "--json"});
  CHECK(Json::parse(both.out) ==
        Json::parse(run(folder.path(), {"plot", "last", "--metric", "train/loss", "--json"}).out));
  const auto id = record_run(folder, "short", 0.1, 5, falling);
  CHECK(run(folder.path(), {"plot", "small", "short", "--metric", "eval/accuracy"}).err ==
        "run " + id + " (short) has nothing of eval/accuracy to draw\n");
}

TEST_CASE("plot writes a figure as SVG whose texts are texts") {
  const TemporaryDirectory folder;
  record_run(folder, "one & <two>", 0.1, 2000, falling);
  record_run(folder, "other", 0.3, 2000, slowly_falling);
  const auto printed = run(folder.path(), {"plot", "one & <two>", "other", "--out", "loss.svg"});
  CHECK(printed.err == "");
  CHECK(printed.code == 0);
  CHECK(numbers_replaced(printed.out) == "loss.svg: N.N kB\n");
  CHECK(
      python(
          folder,
          "import xml.etree.ElementTree as tree\n"
          "root = tree.parse('loss.svg').getroot()\n"
          "space = '{http://www.w3.org/2000/svg}'\n"
          "texts = [each.text for each in root.iter(space + 'text')]\n"
          "print([text in texts for text in ['one & <two>', 'other', 'train/loss', "
          "'eval/accuracy', '0.5', '1000', 'step']])\n"
          "lines = [each for each in root.iter(space + 'path') if each.get('data-run')]\n"
          "print(len(lines), min(each.get('d').count('L') for each in lines) > 190)\n"
          "print(len([1 for each in root.iter(space + 'path') if each.get('fill-opacity')]))\n") ==
      "[True, True, True, True, True, True, True]\n4 True\n2\n");
}

TEST_CASE("plot writes no figure over another, into no folder, and in no other format") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 40, falling);
  folder.write("loss.svg", "mine");
  const auto kept = run(folder.path(), {"plot", "--out", "loss.svg"});
  CHECK(kept.code == 2);
  CHECK(kept.err == "runner: loss.svg is there already; --force overwrites it\n");
  CHECK(read_file(folder.path() / "loss.svg") == "mine");
  CHECK(run(folder.path(), {"plot", "--out", "loss.svg", "--force"}).code == 0);
  CHECK(run(folder.path(), {"plot", "--out", "loss.gif"}).err ==
        "runner: --out loss.gif: expected a name that ends in .svg, .png, .pdf or .html\n");
  CHECK(run(folder.path(), {"plot", "--out", "no/loss.svg"}).err ==
        "runner: --out no/loss.svg: there is no folder " + (folder.path() / "no").string() + "\n");
}

TEST_CASE("plot writes a figure as PNG of twice its size, in the runs' colours, and as PDF") {
  const TemporaryDirectory folder;
  if (!is_installed(folder, "rsvg-convert")) {
    MESSAGE("skipped: no rsvg-convert");
    return;
  }
  record_run(folder, "small", 0.1, 40, falling);
  record_run(folder, "other", 0.1, 40, slowly_falling);
  const auto printed =
      run(folder.path(), {"plot", "small", "other", "--metric", "train/loss", "--out", "loss.png",
                          "--width", "300", "--height", "200"});
  CHECK(printed.err == "");
  CHECK(printed.code == 0);
  CHECK(
      python(folder,
             "import struct, zlib\n"
             "data = open('loss.png', 'rb').read()\n"
             "at, packed = 8, b''\n"
             "while at < len(data):\n"
             "    size, kind = struct.unpack('>I4s', data[at:at + 8])\n"
             "    part = data[at + 8:at + 8 + size]\n"
             "    assert zlib.crc32(kind + part) == struct.unpack('>I', data[at + 8 + size:at + 12 "
             "+ size])[0]\n"
             "    if kind == b'IHDR': width, height, depth, colour = struct.unpack('>IIBB', "
             "part[:10])\n"
             "    if kind == b'IDAT': packed += part\n"
             "    at += 12 + size\n"
             "channels = {2: 3, 6: 4}[colour]\n"
             "raw, row, seen = zlib.decompress(packed), bytes(width * channels), set()\n"
             "for y in range(height):\n"
             "    start = y * (width * channels + 1)\n"
             "    kind, line = raw[start], bytearray(raw[start + 1:start + 1 + width * channels])\n"
             "    for i in range(len(line)):\n"
             "        a = line[i - channels] if i >= channels else 0\n"
             "        b, c = row[i], row[i - channels] if i >= channels else 0\n"
             "        p = a + b - c\n"
             "        paeth = min((a, b, c), key=lambda v: abs(p - v))\n"
             "        line[i] = (line[i] + [0, a, b, (a + b) // 2, paeth][kind]) & 255\n"
             "    row = bytes(line)\n"
             "    seen |= {row[i:i + 3] for i in range(0, len(row), channels)}\n"
             "print(width, height, bytes.fromhex('0060a8') in seen, bytes.fromhex('b34700') in "
             "seen)\n") == "600 400 True True\n");
  CHECK(run(folder.path(), {"plot", "small", "--out", "loss.pdf"}).code == 0);
  CHECK(read_file(folder.path() / "loss.pdf").starts_with("%PDF-"));
}

TEST_CASE("plot says how to install what PNG needs where it is missing") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 40, falling);
  const auto printed = run(folder.path(), {"plot", "--out", "loss.png"}, {{"PATH", "/nowhere"}});
  CHECK(printed.code == 2);
  CHECK(printed.err ==
        "runner: for PNG rsvg-convert is needed, which is not installed: apt-get install "
        "librsvg2-bin; .svg and .html need nothing\n");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "loss.png"));
}

TEST_CASE("plot writes one HTML file with the curves, the picture and all that draws them") {
  const TemporaryDirectory folder;
  record_run(folder, "</script><b>", 0.1, 40, falling);
  CHECK(run(folder.path(), {"plot", "--out", "loss.html"}).code == 0);
  CHECK(python(folder,
               "import re, json\n"
               "page = open('loss.html').read()\n"
               "data = re.search(r'<script type=\"application/json\" "
               "id=\"figure\">(.*?)</script>', page, re.S)[1]\n"
               "figure = json.loads(data)\n"
               "print(figure['labels'], [panel['metric'] for panel in figure['panels']])\n"
               "print(len(figure['panels'][0]['curves'][0]['y']), page.count('<script'), "
               "page.count('</script>'))\n"
               "print(re.findall(r'<(?:script|link|img)[^>]*(?:src|href)', page), 'import ' in "
               "page.split('type=\"module\"')[1])\n") ==
        "['</script><b>'] ['train/loss', 'eval/accuracy']\n40 3 3\n[] False\n");
}

TEST_CASE("the HTML file draws its curves in a browser, from a disk and without a network") {
  const TemporaryDirectory folder;
  if (!is_installed(folder, "chromium")) {
    MESSAGE("skipped: no chromium");
    return;
  }
  record_run(folder, "small", 0.1, 40, falling);
  record_run(folder, "other", 0.1, 40, slowly_falling);
  CHECK(run(folder.path(), {"plot", "small", "other", "--out", "loss.html"}).code == 0);
  const auto page = Program::command(folder.path(),
                                     {"chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                                      "--user-data-dir=" + (folder.path() / "profile").string(),
                                      "--virtual-time-budget=5000", "--dump-dom",
                                      "file://" + (folder.path() / "loss.html").string()})
                        .wait();
  for (const auto* part :
       {"data-series=\"small\"", "data-series=\"other\"", "<h2>eval/accuracy</h2>"})
    CHECK(page.out.find(part) != std::string::npos);
}
