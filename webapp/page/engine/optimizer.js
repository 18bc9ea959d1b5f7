// Optimizers, as PyTorch defines them. All numbers of a row are updated in one pass, with their gradient at hand.

/**
 * Parameters with what their optimizer remembers of them.
 * @typedef {object} Parameters
 * @property {Float32Array} values
 * @property {Float32Array} first Adam's mean of gradients, or SGD's velocity
 * @property {Float32Array} second Adam's mean of squared gradients
 */

/**
 * @typedef {object} Optimizer
 * @property {(values: Float32Array) => Parameters} take values to be optimized, in place
 * @property {(learningRate: number) => void} beginStep called before the updates of every step
 * @property {(parameters: Parameters, offset: number, gradient: Float64Array) => void} update the values from
 *   `offset` on, one for every number of the gradient
 */

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;
// Added and taken away again, it rounds what is smaller than 1e-36 to 0: numbers below 1e-38, to which the means of
// units that stay off decay, slow some processors down a hundredfold.
const TINY = 1e-20;

/**
 * Adam (Kingma & Ba 2015, arXiv 1412.6980) with PyTorch's defaults.
 * @implements {Optimizer}
 */
export class Adam {
  steps = 0;
  stepSize = 0;
  correction = 0; // of the root of the mean of squares, which starts from 0

  /** @type {Optimizer["take"]} */
  take(values) {
    return { values, first: new Float32Array(values.length), second: new Float32Array(values.length) };
  }

  /** @type {Optimizer["beginStep"]} */
  beginStep(learningRate) {
    this.steps += 1;
    this.stepSize = learningRate / (1 - BETA_1 ** this.steps);
    this.correction = 1 / Math.sqrt(1 - BETA_2 ** this.steps);
  }

  /** @type {Optimizer["update"]} */
  update({ values, first, second }, offset, gradient) {
    const { stepSize, correction } = this;
    for (let k = 0; k < gradient.length; k += 1) {
      const slope = gradient[k];
      const mean = BETA_1 * first[offset + k] + (1 - BETA_1) * slope + TINY - TINY;
      const square = BETA_2 * second[offset + k] + (1 - BETA_2) * slope * slope;
      first[offset + k] = mean;
      second[offset + k] = square;
      values[offset + k] -= (stepSize * mean) / (Math.sqrt(square) * correction + EPSILON);
    }
  }
}

/**
 * Gradient descent with momentum.
 * @implements {Optimizer}
 */
export class Sgd {
  learningRate = 0;

  /** @param {number} momentum 0..1, 0 for none */
  constructor(momentum) {
    this.momentum = momentum;
  }

  /** @type {Optimizer["take"]} */
  take(values) {
    return { values, first: new Float32Array(values.length), second: new Float32Array(0) };
  }

  /** @type {Optimizer["beginStep"]} */
  beginStep(learningRate) {
    this.learningRate = learningRate;
  }

  /** @type {Optimizer["update"]} */
  update({ values, first }, offset, gradient) {
    const { learningRate, momentum } = this;
    for (let k = 0; k < gradient.length; k += 1) {
      const velocity = momentum * first[offset + k] + gradient[k] + TINY - TINY;
      first[offset + k] = velocity;
      values[offset + k] -= learningRate * velocity;
    }
  }
}
