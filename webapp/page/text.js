// Every sentence a visitor reads. Names in {braces} are filled in where the sentence is used.
import { InklingError } from "./engine/errors.js";

const TEXT = {
  title: "Inkling",
  tagline: "Draw a digit, see what training changed.",

  // The choice of network and training
  run_line: "{network}, {training}",
  run_change: "change",
  run_title: "Choose a network and its training",
  run_network: "Which network?",
  run_training: "What was it trained on?",
  run_close: "Done",
  run_size: "{architecture} · {parameters} numbers to learn",
  run_details: "{run}: {sizes}; reads {accuracy} of 10,000 test digits.",
  run_published: "{run}: {sizes}; reads {accuracy} of 10,000 test digits, the tutorial reports {published}.",
  run_only: "With this training there is one network: {network}.",
  "network_relu-25-25": "A tiny network",
  "network_relu-50": "A small network",
  "network_relu-96-256": "A medium network",
  "network_tanh-96-sigmoid-256": "A medium network with smooth units",
  "network_relu-128-128-64-64": "A deep network",
  training_robust: "trained on real handwriting",
  training_published: "trained as its tutorial says",
  "training_100-images": "trained on 100 images",
  "training_shuffled-labels": "trained on shuffled labels",
  about_robust: "60,000 MNIST digits, each distorted in 16 ways, and pen drawings by 30 people. Best for your own hand.",
  about_published: "60,000 MNIST digits as they are, by the recipe of a published tutorial.",
  "about_100-images": "An experiment: 100 MNIST digits and no more. It learns them by heart.",
  "about_shuffled-labels": "An experiment: 1,000 MNIST digits, each with the label of another. There is nothing to learn but by heart.",

  // The pad
  pad_label: "Drawing pad: draw a digit with mouse, finger or pen. Ctrl+Z takes back the last change.",
  pad_hint: "Draw a digit here",
  undo: "Undo",
  undo_label: "Undo: take back the last change of the pad",
  clear: "Clear",
  clear_label: "Clear the pad; Undo brings it back",
  examples: "or try one",
  example_label: "Draw an example of the digit {digit}",
  sample_hint: "A sample, labelled {label}. Draw to put it away.",

  // The answer
  before: "before training",
  after: "after training",
  now_untrained: "now, untrained",
  now_between: "after {images} images",
  verdict_empty: "Draw a digit from 0 to 9.",
  verdict_loading: "Loading the network …",
  verdict: "This looks like a {digit}.",
  verdict_unsure: "Perhaps a {digit}.",
  verdict_refused: "This does not look like a digit.",
  verdict_right: "Right.",
  verdict_wrong: "Wrong.",
  detail_empty: "The network answers while you draw.",
  detail_after: "{trained} sure. Before training, the same network said {before} ({untrained}).",
  detail_between: "{trained} sure after {images} images. Before any, it said {before} ({untrained}).",
  detail_untrained: "{trained} sure, before any training.",
  detail_refused: "If it had to be one, the network would say {digit} ({trained}).",
  bars_label: "How sure the network is of each digit: before training; {moment}. The ten add up to 100 %.",
  input_label: "What the network is given: 28 × 28 pixels",
  luck: "Was that luck?",
  luck_hide: "Hide the luck marks",
  luck_note: "Grey marks: what 20 other untrained networks say of it, from {low} to {high}. Which digit an untrained network favours is luck.",
  luck_empty: "Draw a digit, and grey marks show what 20 other untrained networks say of it.",
  watch: "▶ Watch how it came to {digit}",
  story: "It guessed {guesses}; sure of {digit} since {images} images.",
  story_leans: "It guessed {guesses}; it leans to {digit} since {images} images, and is not sure.",
  story_at_once: "It said {digit} all along; sure since {images} images.",
  story_luck: "It said {digit} all along, and is still not sure.",
  story_then: "{first}, then {last}",

  // The timeline
  timeline_label: "Moment in training",
  play: "▶ Play",
  play_label: "Play the training",
  stop: "■ Stop",
  stop_label: "Stop playing",
  timeline_start: "Not trained yet · {accuracy} of test digits right",
  timeline_moment: "{images} images shown · {accuracy} of test digits right",
  timeline_waits: "The rest of its training is on its way …",

  // The sample grid
  samples_heading: "The same network on 30 other digits",
  samples_before: "Before training: {correct} of {total} right",
  samples_now: "{moment}: {correct} of {total} right",
  samples_legend: "Plain green: read right; striped red: wrong. Below each, its reading before → now. Press one to lay it on the pad.",
  samples_mnist: "MNIST test digits, which no network was trained on.",
  samples_waiting: "MNIST's test digits are on their way; until then, drawings that come with Inkling.",
  samples_handwritings: "MNIST is not here, so these are drawings that come with Inkling.",
  samples_others: "30 others",
  tile_label: "A {label}: before training read as {untrained}, {untrainedRight}; {moment}: read as {prediction}, {predictionRight}.",
  right: "right",
  wrong: "wrong",

  // Views on request
  views_heading: "Look closer",
  learning_heading: "When did it learn your digit?",
  learning_note: "One line for each digit: how sure the network was of it, for the drawing on the pad, as training went on. Look for answers that come and go before the last one stays.",
  learning_empty: "The pad is empty. Draw a digit to see when the network learned it.",
  learning_settled: "The answer has been {digit} since {images} images (dashed line).",
  learning_always: "The answer was {digit} from the start (dashed line).",
  learning_answers: "The answer at each snapshot, from untrained to trained",
  given_heading: "What is the network given?",
  given_note: "The same drawing, merely shrunk, and made like the images the network learned from. Look at what a small digit in a corner of the pad becomes.",
  given_empty: "The pad is empty. Draw a digit to see what the network is given.",
  given_sample: "The sample on the pad is given to the network as it is. Draw a digit to see what becomes of a drawing.",
  given_line: "{Moment}: merely shrunk, it is read as {shrunk} ({shrunkSure}); made like MNIST, as {made} ({madeSure}).",
  given_shrunk: "The pad merely shrunk to 28 × 28 pixels",
  given_made: "Made like MNIST's images",
  given_stages: "How a drawing is made like MNIST's images",
  given_stage_drawing: "1. The drawing on the pad.",
  given_stage_box: "2. The box around the pen's path is cut out.",
  given_stage_fitted: "3. It is fitted into 20 pixels, the path drawn as wide as MNIST's pens.",
  given_stage_centred: "4. It is moved in 28 pixels until its centre of mass lies in the marked one.",
  given_one_by_one: "Show them one after the other",
  given_next: "Next",
  history_heading: "How the training went",
  history_note: "Look at where the lines part: what only the dashed line gains, the network learns by heart.",
  history_shown: "By the end it was shown {shown} images, repeats counted.",
  history_shown_robust: "By the end it was shown {shown} images: 60,000 digits, each distorted in 16 ways, and pen drawings by 30 people, in {passes} passes. The dashed line is of the 60,000 undistorted.",
  "history_shown_shuffled-labels": "By the end it was shown {shown} images, repeats counted. The dashed line counts as right what agrees with the shuffled labels, which are mostly wrong.",
  history_test: "10,000 test images",
  history_curve: "{images}: from {first} to {last}",
  history_training: "{n} training images",
  history_accuracy: "Share of images read right",
  history_loss: "Loss: how surprised the network is by the right answer",
  history_accuracy_label: "Accuracy over training: {lines}.",
  history_loss_label: "Loss over training: {lines}.",
  history_line: "from {first} to {last} on {images}",
  history_epochs: "After passes through all it was trained on",
  history_epoch: "Pass",
  history_training_loss: "Training loss",
  history_training_accuracy: "Training right",
  history_test_loss: "Test loss",
  history_test_accuracy: "Test right",
  confusion_heading: "Which digits does it mix up?",
  confusion_note: "All 10,000 test digits: the row is what a digit is, the column what the network read. Right answers lie on the diagonal. Look for the pairs that stay hard to tell apart.",
  cell_pick: "Press a number to see the test digits behind it.",
  cell_label: "{count} labelled {label}, read as {prediction}",
  cell_none: "Labelled {label}, read as {prediction}: none of the 10,000 test digits.",
  cell_all: "Labelled {label}, read as {prediction}: {total} of the 10,000 test digits. Press one to lay it on the pad.",
  cell_some: "Labelled {label}, read as {prediction}: {total} of the 10,000 test digits; here are {shown}. Press one to lay it on the pad.",
  cell_images: "The test digits behind a number",
  cell_tile_label: "Test digit {number}, labelled {label}, read as {prediction}",
  cell_handwritings: "MNIST is not here, so its test digits cannot be shown.",
  cell_waiting: "MNIST's test digits are on their way; they will be shown here.",
  layers_heading: "How is the network built?",
  layers_note: "Its layers, from the 28 × 28 pixels to the ten answers. Look at where most of the numbers are that training changes.",
  layers_layer: "Layer",
  layers_shape: "Output",
  layers_parameters: "Numbers to learn",
  layers_total: "Together",
  layers_input: "Pixels",
  layers_linear: "Linear",
  view_waits: "The network is on its way …",
  pytorch_heading: "Ask PyTorch",
  pytorch_note: "The bars above are computed in this page. Here the drawing is sent to the server, which asks the same network in PyTorch. Look at the largest difference.",
  pytorch_send: "Send the drawing and ask",
  pytorch_empty: "Draw a digit first; it is sent only when you press the button.",
  pytorch_sample: "A sample lies on the pad; only drawings are sent. Draw a digit first.",
  pytorch_asks: "Asking PyTorch …",
  pytorch_silent: "The server does not answer. The page itself goes on; try again later.",
  pytorch_said: "PyTorch says {digit}. The largest difference between its 20 probabilities and the page's is {difference}.",
  pytorch_digit: "Digit",
  pytorch_page: "this page, {moment}",
  pytorch_server: "PyTorch, {moment}",
  chart_axis: "training images shown (not to scale)",
  copy: "Copy link",
  copy_title: "A link that opens the page as it is now: network, drawing, moment in training, open views",
  copied: "Copied ✓",
  copy_in_bar: "See address bar",
  link_bad_kept: "The link just opened could not be read; all is as it was.",
  link_bad: "That link could not be read, so this is the plain page. Draw a digit from 0 to 9.",

  // What can go wrong
  page_failed: "Inkling could not start: {reason} Reload the page to try again.",
  runs_foreign: "its list of networks is damaged.",
  file_silent: "The server does not answer. What has been loaded works on; choose the network again to try again.",
  file_missing: "The file {name} cannot be had (status {status}). Choose another network, or try again later.",
  run_foreign: "This file holds another network, {found}. Choose another network.",
  failed: "Something went wrong here. What you drew is kept; the error has been logged in the browser's console.",
  run_failure: "{network}, {training}, cannot be shown.",
};

/** @typedef {keyof typeof TEXT} Sentence */

/**
 * A sentence with its {names} filled in; of the digits, 8 alone is "an".
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  if (!Object.hasOwn(TEXT, key)) throw new RangeError(`No sentence called ${key}`);
  const sentence = TEXT[/** @type {Sentence} */ (key)].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  return sentence.replace(/\b(a) 8\b(?![.,]\d)/gi, "$1n 8");
}

/** @param {number} number @returns {string} with a comma every three digits */
export const count = (number) => number.toLocaleString("en");

/**
 * In percent, to a tenth. What is not quite certain is never shown as 100 %.
 * @param {number} probability
 */
export function percent(probability) {
  if (probability >= 0.9995) return ">99.9 %";
  return `${(probability * 100).toFixed(1)} %`;
}

/** @param {number} accuracy a share of images read right: 100 % only if it is all of them */
export const share = (accuracy) => (accuracy === 1 ? "100 %" : percent(accuracy));

/**
 * What the shown snapshot is called, in the middle of a sentence.
 * @param {{index: number, isLast: boolean, images: number}} snapshot
 */
export function moment({ index, isLast, images }) {
  if (isLast) return say("after");
  return index ? say("now_between", { images: count(images) }) : say("now_untrained");
}

/** @param {string} text @returns {string} beginning with a capital letter */
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/**
 * What a visitor is told of an error; a bug is logged in full.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  if (error instanceof InklingError) return error.message;
  console.error(error);
  return say("failed");
}
