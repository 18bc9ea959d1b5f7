// Which images each step of a training learns from.

/**
 * @typedef {object} Batch
 * @property {Uint8Array} images (n · 784,) levels
 * @property {Uint8Array} labels (n,) digits
 * @property {Int32Array} chosen which of them the batch is made of
 */

/**
 * Batches made anew for every step.
 * @typedef {object} MadeBatches
 * @property {(random: () => number) => {images: Uint8Array, labels: Uint8Array}} nextBatch
 * @property {number} steps how many batches make the training
 */

/** @typedef {{images: Uint8Array, labels: Uint8Array}} LabelledImages images: (n · 784,) levels; labels: (n,) digits */

/**
 * Passes through some images, each in an order of its own if they are shuffled. The last batch of a pass may be
 * smaller.
 * @param {LabelledImages} data
 * @param {{batchSize: number, epochs: number, shuffled: boolean}} settings
 * @param {() => number} random uniform in [0, 1)
 * @returns {Generator<Batch, void>}
 */
export function* passes({ images, labels }, { batchSize, epochs, shuffled }, random) {
  const order = Int32Array.from(labels, (_, index) => index);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    if (shuffled) shuffle(order, random);
    for (let start = 0; start < order.length; start += batchSize) {
      yield { images, labels, chosen: order.subarray(start, start + batchSize) };
    }
  }
}

/**
 * @param {MadeBatches} data
 * @param {() => number} random uniform in [0, 1)
 * @returns {Generator<Batch, void>}
 */
export function* madeBatches({ nextBatch, steps }, random) {
  for (let step = 0; step < steps; step += 1) {
    const { images, labels } = nextBatch(random);
    yield { images, labels, chosen: Int32Array.from(labels, (_, index) => index) };
  }
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
