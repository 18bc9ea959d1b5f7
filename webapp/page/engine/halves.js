// Half-precision numbers: 1 bit of sign, 5 of exponent, 10 of fraction (IEEE 754 binary16).

/** Numbers of this size, and larger ones, have none: they round to infinity. */
export const HALF_LIMIT = 65_520;

const INFINITE = 0x7c00;
const NO_NUMBER = 0x7e00;
const double = new DataView(new ArrayBuffer(8));

/**
 * The half-precision number nearest to a number; of two equally near ones that whose last bit is 0.
 * @param {number} value
 * @returns {number} its 16 bits
 */
export function halfBits(value) {
  if (Number.isNaN(value)) return NO_NUMBER;
  double.setFloat64(0, value);
  const sign = double.getUint16(0) & 0x8000;
  const exponent = Math.max(((double.getUint16(0) >> 4) & 0x7ff) - 1023, -14); // of the number, or the smallest there is
  const fractions = Math.abs(value) * 2 ** (10 - exponent); // 1024 up to 2048, or less
  if (exponent > 15) return sign | INFINITE;
  const rounded = fractions + 2 ** 52 - 2 ** 52; // doubles of this size are whole numbers, rounded to even
  return sign | Math.min((exponent + 14) * 1024 + rounded, INFINITE); // a fraction of 2048 makes the next exponent
}
