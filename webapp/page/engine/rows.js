// The inner loop of every layer, forwards and backwards.

/**
 * Add rows of a matrix, each times its factor, to some sums. Eight rows are added at a time, so that every sum is
 * read and written an eighth as often: that takes half the time of adding one row after another.
 * @param {Float64Array} sums (width,) changed in place
 * @param {Float32Array} matrix (rows × width), row by row
 * @param {Int32Array} rows which rows to add
 * @param {Float32Array} factors of these rows
 * @param {number} start the first place in `rows` and `factors` to take
 * @param {number} end the place behind the last
 */
export function addRows(sums, matrix, rows, factors, start, end) {
  const width = sums.length;
  let n = start;
  for (; n + 7 < end; n += 8) {
    const a = rows[n] * width, b = rows[n + 1] * width, c = rows[n + 2] * width, d = rows[n + 3] * width;
    const e = rows[n + 4] * width, f = rows[n + 5] * width, g = rows[n + 6] * width, h = rows[n + 7] * width;
    const p = factors[n], q = factors[n + 1], r = factors[n + 2], s = factors[n + 3];
    const t = factors[n + 4], u = factors[n + 5], v = factors[n + 6], w = factors[n + 7];
    for (let k = 0; k < width; k += 1) {
      sums[k] +=
        p * matrix[a + k] + q * matrix[b + k] + (r * matrix[c + k] + s * matrix[d + k]) +
        (t * matrix[e + k] + u * matrix[f + k] + (v * matrix[g + k] + w * matrix[h + k]));
    }
  }
  for (; n < end; n += 1) {
    const a = rows[n] * width;
    const p = factors[n];
    for (let k = 0; k < width; k += 1) sums[k] += p * matrix[a + k];
  }
}
