// Of a run's snapshots: when an answer is sure, how long Play stays at each, and where images lie between them.

export const SURE = 0.9; // from it on, an answer is said; below it, the page asks
const PLAY_MS = 6000; // for all changes of a training, at most
const [FIRST_MS, LEAST_MS, MOST_MS] = [300, 60, 1200]; // for the untrained network, and for every other one

/**
 * Milliseconds that Play stays at each snapshot but the last: the more it differs from the one before it, the longer,
 * so that what is new can be seen and what stays the same passes quickly.
 * @param {ArrayLike<number>[]} said what each snapshot says, such as ten probabilities; (snapshots, n)
 * @returns {number[]} (snapshots - 1,)
 */
export function playTimes(said) {
  const changes = said.slice(1).map((values, index) => distance(values, said[index]));
  const total = changes.reduce((sum, change) => sum + change, 0);
  const share = (/** @type {number} */ change) => (total ? change / total : 1 / changes.length);
  return [
    FIRST_MS,
    ...changes.slice(0, -1).map((change) => Math.min(MOST_MS, LEAST_MS + PLAY_MS * share(change))),
  ];
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const distance = (a, b) => Array.from(a).reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0);

/**
 * Where a number of images lies between an axis's snapshots.
 * @param {number} value
 * @param {number[]} axis growing from 0
 * @returns {number} 0..axis.length - 1, the last for all that lie beyond
 */
export function placeOf(value, axis) {
  const after = axis.findIndex((images) => images >= value);
  if (after < 1) return after < 0 ? axis.length - 1 : 0;
  return after - 1 + (value - axis[after - 1]) / (axis[after] - axis[after - 1]);
}
