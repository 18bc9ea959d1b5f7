// One linear map while it trains: forwards, backwards, and its own update.
import { addRows } from "./rows.js";

/** @typedef {import("./active_inputs.js").ActiveInputs} ActiveInputs */
/** @typedef {import("./optimizer.js").Optimizer} Optimizer */

export class TrainingLayer {
  /**
   * @param {import("./network.js").Layer} layer copied; it takes the training's own range of inputs
   * @param {Optimizer} optimizer
   * @param {number} everywhere what every input is beyond its entry among the active ones: −1 for ink in −1..1
   */
  constructor({ inputs, outputs, weights, bias }, optimizer, everywhere) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.everywhere = everywhere;
    this.optimizer = optimizer;
    this.weights = optimizer.take(weights.slice());
    this.bias = optimizer.take(Float32Array.from(bias));
    this.values = new Float32Array(0); // (batch × outputs) the sums, then the loss's derivatives by them
    this.row = new Float64Array(outputs);
    this.everyInput = Int32Array.from({ length: inputs }, (_, input) => input);
    this.everyFactor = new Float32Array(inputs).fill(everywhere);
    this.wasActive = new Uint8Array(inputs); // whether an input was ever active: before, it has no gradient
  }

  /**
   * Compute what the layer makes of its active inputs.
   * @param {ActiveInputs} active
   */
  forward({ size, starts, indices, values }) {
    const { inputs, outputs, row } = this;
    const weights = this.weights.values;
    if (this.values.length < size * outputs) this.values = new Float32Array(size * outputs);
    const base = Float64Array.from(this.bias.values);
    if (this.everywhere) addRows(base, weights, this.everyInput, this.everyFactor, 0, inputs);
    for (let sample = 0; sample < size; sample += 1) {
      row.set(base);
      addRows(row, weights, indices, values, starts[sample], starts[sample + 1]);
      this.values.set(row, sample * outputs);
    }
  }

  /**
   * Hand the loss's derivatives, which are in `values`, down to the layer below.
   * @param {ActiveInputs} active
   * @param {Float32Array} below (batch × inputs) where the derivatives by the sums of the layer below go
   */
  backward({ size, starts, indices, slopes }, below) {
    const { inputs, outputs, values } = this;
    const weights = this.weights.values;
    below.fill(0, 0, size * inputs);
    for (let sample = 0; sample < size; sample += 1) {
      const first = sample * outputs;
      const end = starts[sample + 1];
      for (let n = starts[sample]; n < end; n += 4) {
        // Four inputs at a time share the derivatives; beyond the end the last one stands in.
        const second = Math.min(n + 1, end - 1), third = Math.min(n + 2, end - 1), fourth = Math.min(n + 3, end - 1);
        const a = indices[n] * outputs, b = indices[second] * outputs;
        const c = indices[third] * outputs, d = indices[fourth] * outputs;
        let p = 0, q = 0, r = 0, s = 0;
        for (let k = 0; k < outputs; k += 1) {
          const value = values[first + k];
          p += value * weights[a + k];
          q += value * weights[b + k];
          r += value * weights[c + k];
          s += value * weights[d + k];
        }
        below[sample * inputs + indices[n]] = p * slopes[n];
        below[sample * inputs + indices[second]] = q * slopes[second];
        below[sample * inputs + indices[third]] = r * slopes[third];
        below[sample * inputs + indices[fourth]] = s * slopes[fourth];
      }
    }
  }

  /**
   * Let the optimizer change weights and bias, by the loss's derivatives in `values`.
   * @param {ActiveInputs} active
   */
  update({ size, startsByInput, samplesByInput, valuesByInput }) {
    const { inputs, outputs, values, row, everywhere, optimizer, wasActive } = this;
    const ofBias = new Float64Array(outputs);
    for (let n = 0; n < size * outputs; n += outputs) {
      for (let k = 0; k < outputs; k += 1) ofBias[k] += values[n + k];
    }
    for (let input = 0; input < inputs; input += 1) {
      const start = startsByInput[input];
      const end = startsByInput[input + 1];
      if (start < end) wasActive[input] = 1;
      else if (!everywhere && !wasActive[input]) continue;
      for (let k = 0; k < outputs; k += 1) row[k] = everywhere * ofBias[k];
      addRows(row, values, samplesByInput, valuesByInput, start, end);
      optimizer.update(this.weights, input * outputs, row);
    }
    optimizer.update(this.bias, 0, ofBias);
  }

  /** @returns {import("./network.js").Layer} a copy */
  copy() {
    const { inputs, outputs, weights, bias } = this;
    return { inputs, outputs, weights: weights.values.slice(), bias: Float64Array.from(bias.values) };
  }
}
