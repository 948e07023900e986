-- SPDX-License-Identifier: Apache-2.0
-- One project after the other, from the file that NUMBERS names.
local paths, n = {}, 0
for line in io.lines(os.getenv("NUMBERS")) do paths[#paths + 1] = "/track/" .. line end
request = function()
  n = n % #paths + 1
  return wrk.format("GET", paths[n])
end
