#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A next version of the package for tests: the first stage of 社会投资工业类 takes six days instead of seven.
#   tests/lib/next_package.sh FROM TO VERSION
set -euo pipefail
cp -r "$1" "$2"
cd "$2"
sed -i "s/^version: .*/version: \"$3\"/" package.yaml
sed -i 's/limits: \[7, 20, 24, 19\]/limits: [6, 20, 24, 19]/; s/^    total: 70$/    total: 69/' categories.yaml
sed -i 's/industry: 7}/industry: 6}/' items.yaml
sed -i 's/社会投资工业类70个工作日（立项用地规划许可阶段7个工作日/社会投资工业类69个工作日（立项用地规划许可阶段6个工作日/
        /id: D60-1.3.1,/,/id: D60-1.3.2,/s/\(社会投资[^、]*工业[^、]*\)70个工作日/\169个工作日/' clauses.yaml
