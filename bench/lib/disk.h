/* SPDX-License-Identifier: Apache-2.0 */
/* disk: the limit that a disk sets to durable writing. */
#ifndef DISK_H
#define DISK_H
#include <stdbool.h>

typedef struct DiskRate { double per_s, p50_us, p99_us; } DiskRate;
/* 4 KiB and an fdatasync, again and again: at the end of a growing file, or `prepared` into one written before. */
DiskRate disk_rate(const char *dir, double seconds, bool prepared);
#endif
