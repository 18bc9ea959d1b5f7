// What happens inside a network while it reads one image, and how its answer adds up.
import { ACTIVATIONS, apply, inkOf } from "./network.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Layer} Layer */
/** @typedef {import("./network.js").Activation} Activation */

/**
 * Every number on the way from an image to the logits.
 * @typedef {object} ForwardPass
 * @property {Float64Array} ink (784,) 0 (paper) to 1 (full ink)
 * @property {Float64Array[]} sums of every layer (outputs,): weights · inputs + bias; the last are the logits
 * @property {Float64Array[]} values of every hidden layer (units,): what its activation makes of its sums
 */

/**
 * Why one digit's logit is larger than another's.
 * @typedef {object} Contrast
 * @property {number} difference of the two logits: `empty` and all `pixels` together
 * @property {number} empty the same difference for an empty page
 * @property {Float64Array} pixels (784,) what every pixel's ink adds to it; 0 where there is no ink
 * @property {Float64Array} gradient (784,) by how much the difference grows for each pixel's next bit of ink
 */

/** The derivative of each activation. @type {Record<Activation, (sum: number, value: number) => number>} */
const DERIVATIVES = {
  relu: (sum) => (sum > 0 ? 1 : 0),
  tanh: (_, value) => 1 - value * value,
  sigmoid: (_, value) => value * (1 - value),
};
const DIGITS = 10;

/**
 * The weights of one unit of the first layer, as its checkpoint holds them, for ink in the range it was trained on.
 * @param {Network} network
 * @param {readonly [number, number]} inputRange what the network was trained to take instead of ink 0..1
 * @param {number} unit
 * @returns {Float32Array} (784,) pixel by pixel
 */
export function unitPicture({ layers: [{ inputs, outputs, weights }] }, [low, high], unit) {
  const picture = new Float32Array(inputs);
  for (let pixel = 0; pixel < inputs; pixel += 1) picture[pixel] = weights[pixel * outputs + unit] / (high - low);
  return picture;
}

/**
 * The largest size of a weight in the first layer, as its checkpoint holds it.
 * @param {Network} network
 * @param {readonly [number, number]} inputRange what the network was trained to take instead of ink 0..1
 * @returns {number} 0 or more
 */
export function largestWeight({ layers: [{ weights }] }, [low, high]) {
  let largest = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const size = Math.abs(weights[index]);
    if (size > largest) largest = size;
  }
  return largest / (high - low);
}

/**
 * Follow an image through a network.
 * @param {Network} network
 * @param {Uint8Array} levels (784,) 0 (paper) to 255 (full ink)
 * @returns {ForwardPass}
 */
export function activations({ layers, activations: names }, levels) {
  const ink = inkOf(levels);
  const sums = [apply(layers[0], ink)];
  const values = names.map((name, index) => {
    const made = sums[index].map(ACTIVATIONS[name]);
    sums.push(apply(layers[index + 1], made));
    return made;
  });
  return { ink, sums, values };
}

/**
 * What every unit of the first hidden layer adds to every digit's logit: activation × gradient, at this image. With
 * one hidden layer that is the activation times the weight to the digit.
 * @param {Network} network
 * @param {ForwardPass} passage of an image through it
 * @returns {Float64Array} (units · 10,) unit by unit
 */
export function effects(network, passage) {
  const [values] = passage.values;
  const found = new Float64Array(values.length * DIGITS);
  const slopes = derivatives(network, passage);
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const gradient = pullBack(network, slopes, unitVector(digit));
    values.forEach((value, unit) => (found[unit * DIGITS + digit] = value * gradient[unit]));
  }
  return found;
}

/**
 * Why a network prefers one digit to another, pixel by pixel, counted from an empty page. Each unit's change since the
 * empty page is shared out among its inputs in proportion to what they add to its sum; so the pixels add up exactly.
 * Source: Shrikumar, Greenside & Kundaje 2017, arXiv 1704.02685 (DeepLIFT's rescale rule).
 * @param {Network} network
 * @param {Uint8Array} levels (784,) 0 (paper) to 255 (full ink)
 * @param {number} a the digit that is spoken for
 * @param {number} b the digit that is spoken against
 * @returns {Contrast}
 */
export function contrast(network, levels, a, b) {
  const [drawn, blank] = [levels, new Uint8Array(levels.length)].map((image) => activations(network, image));
  const direction = unitVector(a).map((value, digit) => value - unitVector(b)[digit]);
  /** @param {Float64Array[]} slopes */
  const toPixels = (slopes) => {
    const ofUnits = pullBack(network, slopes, direction);
    return through(network.layers[0], ofUnits.map((value, unit) => value * slopes[0][unit]));
  };
  /** @param {ForwardPass} passage */
  const differenceOf = ({ sums }) => sums[sums.length - 1][a] - sums[sums.length - 1][b];
  const shares = toPixels(chords(network, drawn, blank));
  return {
    difference: differenceOf(drawn),
    empty: differenceOf(blank),
    pixels: drawn.ink.map((ink, pixel) => ink * shares[pixel]),
    gradient: toPixels(derivatives(network, drawn)),
  };
}

/**
 * The links of a layer that carry most, weight × what comes in, whether they add or subtract.
 * @param {Layer} layer
 * @param {Float64Array} values (inputs,) what comes in
 * @param {number} count how many links, at most
 * @param {number | null} [only] the output that they lead to; null for any
 * @returns {{input: number, output: number, carries: number}[]} the strongest first; none that carries nothing
 */
export function strongestLinks({ inputs, outputs, weights }, values, count, only = null) {
  const [first, end] = only === null ? [0, outputs] : [only, only + 1];
  /** @type {{input: number, output: number, carries: number}[]} */
  const found = [];
  let least = 0;
  for (let input = 0; input < inputs; input += 1) {
    if (!values[input]) continue;
    for (let output = first; output < end; output += 1) {
      const carries = values[input] * weights[input * outputs + output];
      if (Math.abs(carries) <= least) continue;
      const place = found.findIndex((other) => Math.abs(other.carries) < Math.abs(carries));
      found.splice(place < 0 ? found.length : place, 0, { input, output, carries });
      if (found.length > count) found.pop();
      if (found.length === count) least = Math.abs(found[count - 1].carries);
    }
  }
  return found;
}

/** @param {number} digit @returns {Float64Array} (10,) 1 for the digit, 0 for the others */
function unitVector(digit) {
  const vector = new Float64Array(DIGITS);
  vector[digit] = 1;
  return vector;
}

/**
 * How fast every hidden unit's value follows its sum, at this image.
 * @param {Network} network
 * @param {ForwardPass} passage
 * @returns {Float64Array[]} of every hidden layer (units,)
 */
function derivatives({ activations: names }, { sums, values }) {
  return names.map((name, layer) => values[layer].map((value, unit) => DERIVATIVES[name](sums[layer][unit], value)));
}

/**
 * How far every hidden unit's value has moved from one image to another, for each step of its sum.
 * @param {Network} network
 * @param {ForwardPass} to
 * @param {ForwardPass} from
 * @returns {Float64Array[]} of every hidden layer (units,)
 */
function chords(network, to, from) {
  return derivatives(network, to).map((layer, index) =>
    layer.map((derivative, unit) => {
      const step = to.sums[index][unit] - from.sums[index][unit];
      return step ? (to.values[index][unit] - from.values[index][unit]) / step : derivative;
    }),
  );
}

/**
 * What a change of each first hidden unit's value does to a weighted sum of the logits.
 * @param {Network} network
 * @param {Float64Array[]} slopes of every hidden layer (units,)
 * @param {Float64Array} direction (10,) weights of the logits
 * @returns {Float64Array} (units of the first hidden layer,)
 */
function pullBack({ layers }, slopes, direction) {
  let pulled = through(layers[layers.length - 1], direction);
  for (let index = layers.length - 2; index > 0; index -= 1) {
    const slope = slopes[index];
    pulled = through(layers[index], pulled.map((value, unit) => value * slope[unit]));
  }
  return pulled;
}

/**
 * A layer backwards: its weights times a vector over its outputs.
 * @param {Layer} layer
 * @param {Float64Array} vector (outputs,)
 * @returns {Float64Array} (inputs,)
 */
function through({ inputs, outputs, weights }, vector) {
  const result = new Float64Array(inputs);
  for (let input = 0; input < inputs; input += 1) {
    const row = input * outputs;
    let sum = 0;
    for (let output = 0; output < outputs; output += 1) sum += weights[row + output] * vector[output];
    result[input] = sum;
  }
  return result;
}
