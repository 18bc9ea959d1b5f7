// Chance from a seed.

/**
 * Random numbers from a seed: equal seeds give equal numbers.
 * Source: Tommy Ettinger, mulberry32, 2017, public domain.
 * @param {number} seed a whole number, 0..2³² − 1
 * @returns {() => number} the next number, uniform in [0, 1)
 */
export function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Bring values into a random order (Fisher & Yates).
 * @param {Int32Array | Uint8Array | number[]} values changed in place
 * @param {() => number} random uniform in [0, 1)
 */
export function shuffle(values, random) {
  for (let left = values.length; left > 1; left -= 1) {
    const place = Math.floor(random() * left);
    const value = values[place];
    values[place] = values[left - 1];
    values[left - 1] = value;
  }
}
