// Losses of one sample. Each takes the logits as one row of a matrix, returns its loss in nats, and leaves the loss's
// derivative by every logit in their place.

/** @typedef {(values: Float32Array, offset: number, count: number, label: number) => number} Loss */

/** @type {Record<"cross_entropy" | "cross_entropy_of_probabilities", Loss>} */
export const LOSSES = {
  cross_entropy: crossEntropy,
  cross_entropy_of_probabilities: crossEntropyOfProbabilities,
};

const probabilities = new Float64Array(10);

/** @type {Loss} */
function crossEntropy(values, offset, count, label) {
  const logit = values[offset + label];
  const total = toProbabilities(values, offset, count);
  values[offset + label] -= 1;
  return total - logit;
}

/**
 * The tutorial's model ends in softmax, and its loss applies softmax once more.
 * @type {Loss}
 */
function crossEntropyOfProbabilities(values, offset, count, label) {
  toProbabilities(values, offset, count);
  for (let k = 0; k < count; k += 1) probabilities[k] = values[offset + k];
  const loss = crossEntropy(values, offset, count, label);
  let mean = 0; // of the derivatives by the probabilities, weighted by these
  for (let k = 0; k < count; k += 1) mean += probabilities[k] * values[offset + k];
  for (let k = 0; k < count; k += 1) values[offset + k] = probabilities[k] * (values[offset + k] - mean);
  return loss;
}

/**
 * Replace logits by their softmax.
 * @param {Float32Array} values
 * @param {number} offset
 * @param {number} count
 * @returns {number} the logarithm of the sum of the exponentials
 */
function toProbabilities(values, offset, count) {
  let highest = -Infinity;
  for (let k = 0; k < count; k += 1) highest = Math.max(highest, values[offset + k]);
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum += Math.exp(values[offset + k] - highest);
  const total = highest + Math.log(sum);
  for (let k = 0; k < count; k += 1) values[offset + k] = Math.exp(values[offset + k] - total);
  return total;
}
