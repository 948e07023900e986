/* SPDX-License-Identifier: Apache-2.0 */
/* measure: clocks and order of measured times, for the tools of all benches. */
#ifndef MEASURE_H
#define MEASURE_H

double now_s(void);
double cpu_s(void); /* of the whole process: what neighbours do does not count */
int by_value(const void *x, const void *y); /* doubles, for qsort */

#endif
