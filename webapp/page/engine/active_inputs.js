// What enters a layer while it trains. Four fifths of MNIST's pixels hold no ink, and half of the units of a ReLU
// layer are off: they add nothing, forwards or backwards, so only the others are listed.
import { SIDE } from "./image.js";

/** @typedef {import("./network.js").Activation} Activation */

const PIXELS = SIDE * SIDE;

/**
 * The active inputs of one layer for a batch, listed sample by sample and, for the gradient, input by input. Sample
 * s has the entries from `starts[s]` to `starts[s + 1]`.
 */
export class ActiveInputs {
  /** @param {number} inputs of the layer */
  constructor(inputs) {
    this.inputs = inputs;
    this.size = 0; // samples in the batch
    this.starts = new Int32Array(1);
    this.indices = new Int32Array(0); // of every entry its input
    this.values = new Float32Array(0); // of every entry what enters the layer
    this.slopes = new Float32Array(0); // of every entry the derivative of its value by the sum it was made of
    this.startsByInput = new Int32Array(inputs + 1);
    this.samplesByInput = new Int32Array(0);
    this.valuesByInput = new Float32Array(0);
  }

  /**
   * List the pixels that hold ink.
   * @param {Uint8Array} images (n · 784,) levels
   * @param {ArrayLike<number>} chosen which of the images make the batch
   * @param {number} scale what full ink enters as
   */
  listPixels(images, chosen, scale) {
    this.begin(chosen.length);
    let count = 0;
    for (let sample = 0; sample < chosen.length; sample += 1) {
      this.reserve(count + PIXELS);
      const { indices, values } = this;
      const first = chosen[sample] * PIXELS;
      for (let pixel = 0; pixel < PIXELS; pixel += 1) {
        const level = images[first + pixel];
        if (level === 0) continue;
        indices[count] = pixel;
        values[count] = (scale * level) / 255;
        count += 1;
      }
      this.starts[sample + 1] = count;
    }
    this.listByInput();
  }

  /**
   * List the hidden units that are on. With dropout a unit is left out with that probability, and the others are
   * enlarged so that the mean stays; one random number is drawn for every unit of every sample, in that order.
   * @param {Float32Array} sums (size × inputs) what the layer below made
   * @param {number} size samples in the batch
   * @param {Activation} activation
   * @param {number} dropout 0..1
   * @param {() => number} random uniform in [0, 1)
   */
  listUnits(sums, size, activation, dropout, random) {
    this.begin(size);
    this.reserve(size * this.inputs);
    const { inputs, starts, indices, values, slopes } = this;
    const enlarged = 1 / (1 - dropout);
    let count = 0;
    for (let sample = 0; sample < size; sample += 1) {
      for (let unit = 0; unit < inputs; unit += 1) {
        if (dropout && random() < dropout) continue;
        const sum = sums[sample * inputs + unit];
        let value = sum;
        let slope = 1;
        if (activation === "relu") {
          if (sum <= 0) continue;
        } else if (activation === "tanh") {
          value = Math.tanh(sum);
          slope = 1 - value * value;
        } else {
          value = 1 / (1 + Math.exp(-sum));
          slope = value * (1 - value);
        }
        indices[count] = unit;
        values[count] = value * enlarged;
        slopes[count] = slope * enlarged;
        count += 1;
      }
      starts[sample + 1] = count;
    }
    this.listByInput();
  }

  /** @param {number} size samples in the batch */
  begin(size) {
    this.size = size;
    if (this.starts.length <= size) this.starts = new Int32Array(size + 1);
  }

  /**
   * Make room for entries; those there are stay.
   * @param {number} count
   */
  reserve(count) {
    if (count <= this.indices.length) return;
    const room = Math.max(count, 2 * this.indices.length);
    const { indices, values } = this;
    this.indices = new Int32Array(room);
    this.indices.set(indices);
    this.values = new Float32Array(room);
    this.values.set(values);
    this.slopes = new Float32Array(room);
    this.samplesByInput = new Int32Array(room);
    this.valuesByInput = new Float32Array(room);
  }

  /** List the entries once more, input by input: input i has those from `startsByInput[i]` to `[i + 1]`. */
  listByInput() {
    const { inputs, size, starts, indices, values, startsByInput, samplesByInput, valuesByInput } = this;
    const count = starts[size];
    startsByInput.fill(0);
    for (let n = 0; n < count; n += 1) startsByInput[indices[n]] += 1;
    let end = 0; // each input's end first, moved down to its start as its entries come in from the last
    for (let input = 0; input < inputs; input += 1) {
      end += startsByInput[input];
      startsByInput[input] = end;
    }
    startsByInput[inputs] = end;
    for (let sample = size - 1; sample >= 0; sample -= 1) {
      for (let n = starts[sample]; n < starts[sample + 1]; n += 1) {
        const place = (startsByInput[indices[n]] -= 1);
        samplesByInput[place] = sample;
        valuesByInput[place] = values[n];
      }
    }
  }
}
