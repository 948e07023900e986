#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is done together or on trust beside a permit, through pages and interface: S09 joint review of drawings, S13 promises, S19 credit,
# each acceptance step with its values.
#   tests/joint/run.sh PROGRAM
exec "$(dirname "$0")/../early/run.sh" "$1" tests/joint/main.py 2019-07-10 2019-07-25 2019-10-11
