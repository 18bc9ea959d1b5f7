/**
 * An error that a person meets: what is wrong, what was given, what to do. The sentence itself is in the folder text;
 * its key travels from the worker to the page, too.
 */
export class InklingError extends Error {
  name = "InklingError";

  /**
   * @param {string} key of the sentence
   * @param {Record<string, unknown>} [values] that fill it
   * @param {ErrorOptions} [options]
   */
  constructor(key, values = {}, options) {
    super(key, options);
    this.key = key;
    this.values = values;
  }
}

/** MNIST's archives are not where they are looked for. */
export class MissingImages extends InklingError {}
