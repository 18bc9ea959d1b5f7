/** An error whose message is a sentence for the person who meets it: what is wrong, what was given, what to do. */
export class InklingError extends Error {
  name = "InklingError";
}

/** MNIST's archives are not where they are looked for. */
export class MissingImages extends InklingError {}
