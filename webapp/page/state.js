// The visitor's state as one plain value, and who watches it.
export { isOwn } from "./engine/card.js";

/**
 * @typedef {import("./pad.js").Stroke} Stroke
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {{image: Uint8Array, label: number}} Sample a labelled image: 784 levels of ink, and its digit
 * @typedef {{strokes: Stroke[]}} Drawing
 *
 * @typedef {object} RunEntry one run in the list that the page begins with
 * @property {string} id architecture and recipe, such as "relu-50/published"
 * @property {string} architecture
 * @property {string} recipe
 * @property {number[]} sizes of the layers, from 784 pixels to 10 digits
 * @property {import("./engine/network.js").Activation[]} activations of the hidden layers
 * @property {[number, number]} input_range where the network wants ink 0..1 mapped to
 * @property {number} parameters
 * @property {number | null} accuracy 0..1, of the trained network on MNIST's test images; null if not measured
 * @property {string} published the test accuracy in the tutorial's own words, or ""
 * @property {number} [bytes] of its checkpoint
 * @property {number[]} steps of its snapshots, from 0
 * @property {number[]} images_seen by then, repeats counted
 * @property {number} fine_tuning_rate the learning rate at which it is taught a hand
 * @property {number} fine_tuning_share how much of the way to the taught weights is kept, 0..1
 * @property {Tutorial} training how the tutorial trains this architecture
 * @property {string | null} [from] of a run of one's own that was taught a hand: the id of the run that was taught,
 *   which may be gone by now; null if a file was opened that names one of the visitor's own
 * @property {Partial<import("./plan.js").Plan> | null} [plan] of a run of one's own that was trained: what its plan
 *   has of its own, beside the tutorial's
 * @property {boolean} [growing] of a run of one's own: whether it is being trained at this moment
 *
 * @typedef {object} Tutorial
 * @property {"adam" | "sgd"} optimizer
 * @property {number} learning_rate
 * @property {number} momentum
 * @property {number} batch_size
 * @property {number} epochs
 * @property {"cross_entropy" | "cross_entropy_of_probabilities"} loss
 * @property {boolean} shuffled
 * @property {[number, number]} input_range
 * @property {number[]} dropout of every hidden layer
 *
 * @typedef {object} Grid the sample grid's images
 * @property {Uint8Array} images (n * 784)
 * @property {Uint8Array} labels (n,)
 *
 * @typedef {object} State
 * @property {string} run id of the chosen run
 * @property {number | null} snapshot position on the run's timeline; null is its end, the trained network
 * @property {Drawing} drawing
 * @property {Sample | null} sample a labelled image that lies over the drawing
 * @property {boolean} penDown whether a stroke is being drawn: half a digit is not refused yet
 * @property {boolean} playing whether Play runs
 * @property {boolean | null} dark whether the page is shown light on dark; null until it is shown
 * @property {string[]} open names of the views that are open
 * @property {boolean} lesson whether a link asked for the page without its menus
 * @property {boolean} badLink whether the page was opened by a link that could not be read
 * @property {number} loaded how many snapshots of the run have arrived
 * @property {string | null} failure why the run cannot be shown, as a sentence
 * @property {boolean} hasDetector whether the detector has arrived
 * @property {Grid | null} grid
 * @property {"waiting" | "mnist" | "handwritings"} source where the grid's images come from
 * @property {string[]} own ids of the visitor's own runs
 * @property {Partial<import("./plan.js").Plan>} changes what the visitor changed of the tutorial's training
 * @property {string | null} invitation how a link wants the chosen architecture to be trained, as JSON
 * @property {Timeline[]} earlier own runs that were replaced: their curves stay in the chart
 * @property {import("./trainer.js").Training | null} training the last training in the page, if there was one
 * @property {import("./writer.js").Hand | null} hand what the visitor's hand has drawn for learning; null until that view opens
 * Made from the others, in the same change:
 * @property {Timeline | null} timeline of the run; null until its first snapshots have arrived
 * @property {Uint8Array | null} image what the network is given: 784 levels of ink
 * @property {number | null} label the digit that this image is labelled; null for a drawing
 * @property {(Float64Array | null)[] | null} probabilities (snapshots, 10); null where a snapshot is on its way
 * @property {boolean} isDigit whether the image looks like a digit at all
 */

/** @type {Omit<State, "run">} */
const START = {
  snapshot: null,
  drawing: { strokes: [] },
  sample: null,
  penDown: false,
  playing: false,
  dark: null,
  open: [],
  lesson: false,
  badLink: false,
  loaded: 0,
  failure: null,
  hasDetector: false,
  grid: null,
  source: "waiting",
  own: [],
  changes: {},
  invitation: null,
  earlier: [],
  training: null,
  hand: null,
  timeline: null,
  image: null,
  label: null,
  probabilities: null,
  isDigit: true,
};

/**
 * @typedef {(state: State, changed: Set<string>, given: Partial<State>) => Partial<State>} Derive what follows from a
 *   change: the state after it, the keys whose values it changed, and all that it gave
 *
 * @typedef {object} Store
 * @property {State} state read it; it is changed by `set` alone
 * @property {Map<string, RunEntry>} runs
 * @property {(changes: Partial<State>) => void} set
 * @property {(keys: (keyof State)[], watcher: (state: State) => void) => void} watch
 */

/**
 * The page's store. `set` changes some of the state and, in the same change, all that is made from it; then every
 * watcher of what changed is called. One watcher's error never stops another; it is logged in full.
 * @param {RunEntry[]} list
 * @param {string} run the id of the run to begin with
 * @param {Derive} derive what follows from a change
 * @returns {Store}
 */
export function createStore(list, run, derive) {
  /** @type {State} */
  const state = { ...START, run };
  /** @type {{keys: string[], watcher: (state: State) => void}[]} */
  const watchers = [];
  /** @type {Set<string>} */
  let pending = new Set(); // changed, and not yet told
  let isTelling = false;

  /** @param {Partial<State>} changes @returns {Set<string>} */
  function assign(changes) {
    const entries = Object.entries(changes);
    const changed = entries.filter(([key, value]) => state[/** @type {keyof State} */ (key)] !== value);
    Object.assign(state, changes);
    return new Set(changed.map(([key]) => key));
  }

  function tell() {
    if (isTelling) return; // whoever is telling goes on with what is new
    isTelling = true;
    while (pending.size) {
      const changed = pending;
      pending = new Set();
      for (const { keys, watcher } of watchers) if (keys.some((key) => changed.has(key))) attempt(watcher);
    }
    isTelling = false;
  }

  /** @param {(state: State) => void} watcher */
  function attempt(watcher) {
    try {
      watcher(state);
    } catch (error) {
      console.error(error);
    }
  }

  return {
    state,
    runs: new Map(list.map((entry) => [entry.id, entry])),
    set(changes) {
      const changed = assign(changes);
      attempt(() => {
        for (const key of assign(derive(state, changed, changes))) changed.add(key);
      });
      for (const key of changed) pending.add(key);
      tell();
    },
    watch(keys, watcher) {
      watchers.push({ keys, watcher });
      attempt(watcher);
    },
  };
}

/** The number in the id of a run of one's own. @param {string} run */
export const ownNumber = (run) => Number(run.split("/own-")[1]);

/** @param {Store} store @returns {RunEntry} of the chosen run */
export const chosen = ({ state, runs }) => /** @type {RunEntry} */ (runs.get(state.run));

/**
 * The snapshot that is shown: its position, whether it is the finished network, the images shown by then, and whether
 * they were shown to teach a finished network a hand.
 * @param {Store} store
 */
export function shown(store) {
  const { steps, images_seen, growing = false, from } = chosen(store);
  const last = steps.length - 1;
  const index = Math.min(store.state.snapshot ?? last, last);
  return { index, isLast: index === last && !growing, images: images_seen[index], isTaught: from !== undefined };
}

/**
 * The probabilities that the untrained network and the shown snapshot give, or null where there are none.
 * @param {Store} store
 */
export function answers(store) {
  const { probabilities } = store.state;
  return { untrained: probabilities?.[0] ?? null, trained: probabilities?.[shown(store).index] ?? null };
}
