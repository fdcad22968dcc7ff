"""python -m runner: the same program as `runner`."""

import os
import sys

program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "runner")
os.execv(program, [program, *sys.argv[1:]])
