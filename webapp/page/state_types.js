// What the page's state holds, and its store, as types: the check of types reads them, and no browser loads them.

/**
 * @typedef {import("./pad.js").Stroke} Stroke
 * @typedef {import("./engine/checkpoint.js").Timeline} Timeline
 * @typedef {{image: Uint8Array, label: number}} Sample a labelled image: 784 levels of ink, and its digit
 * @typedef {{label: number, isTest: boolean}} Asked a digit of the visitor's hand, to test on or to learn from
 * @typedef {{strokes: Stroke[], asked?: Asked | null, example?: string}} Drawing `asked`: the digit that it was drawn for, if one was asked for;
 *   `example`: which of the drawings that come with Inkling it is, if a link named it, such as "5.0"
 *
 * @typedef {object} Run what the page knows of a run: from its list before the checkpoint is loaded, or of one's own
 * @property {string} id architecture and recipe, such as "relu-50/published"
 * @property {import("./engine/card.js").Architecture} architecture
 * @property {import("./engine/plan.js").Recipe} tutorial how the tutorial trains this architecture
 * @property {[number, number]} input_range where the network wants ink 0..1 mapped to
 * @property {number} parameters
 * @property {number | null} accuracy 0..1, of the trained network on MNIST's test images; null if not measured
 * @property {string} published the test accuracy in the tutorial's own words, or ""
 * @property {number} [bytes] of its checkpoint
 * @property {number[]} steps of its snapshots, from 0
 * @property {number[]} images_seen by then, repeats counted
 * @property {number} fine_tuning_rate the learning rate at which it is fine-tuned
 * @property {number} fine_tuning_share how much of the way to the fine-tuned weights is kept, 0..1
 * @property {Timeline | null} timeline null until its first snapshots have arrived
 * @property {string | null} failure why it cannot be shown, as a sentence
 * @property {string | null} [from] of a run of one's own that was fine-tuned: the id of the run that it was before,
 *   which may be gone by now; null if a file was opened that names one of the visitor's own
 * @property {boolean} [growing] of a run of one's own: whether it is being trained at this moment
 * @property {boolean} [isPartial] of a run of one's own: whether it has not been shown all its images, for it is being trained, or was stopped
 * @property {boolean} [isSaved] of a run of one's own: whether a file holds it
 * @property {boolean} [hasFailed] of a run of one's own: whether its training ended by an error
 *
 * @typedef {object} Grid the sample grid's images
 * @property {Uint8Array} images (n * 784)
 * @property {Uint8Array} labels (n,)
 *
 * @typedef {object} State
 * @property {Record<string, Run>} runs all of them by id, the visitor's own last
 * @property {typeof import("./engine/network.js").tally} read tells what networks read in several images: in plain JavaScript
 *   until the kernels have arrived
 * @property {Run | null} removed the visitor's own run that was removed or replaced last, and can be brought back
 * @property {string} run id of the chosen run
 * @property {number | null} snapshot position on the run's timeline; null is its end, the trained network
 * @property {Drawing} drawing
 * @property {Sample | null} sample a labelled image that lies over the drawing
 * @property {boolean} penDown whether a stroke is being drawn: half a digit is not judged yet
 * @property {boolean} playing whether Play runs
 * @property {boolean | null} dark whether the page is shown light on dark; null until it is shown
 * @property {string} view the stage's view, by its tab
 * @property {boolean} isRaised whether the stage is drawn up over the bench, where there is no room for both
 * @property {boolean} marks whether the columns bear the marks of other untrained networks
 * @property {boolean} lesson whether a link asked for the page without its menus
 * @property {string | null} lessonLink the link that asked for a step of a lesson, while that lesson is not open yet
 * @property {import("./lesson_course.js").Course | null} course the lesson that runs
 * @property {string[]} compared ids of runs whose curves stand beside the chosen one's
 * @property {"light" | "dark" | false | null} projector how all is shown large, if it is; null: as the place asks for
 * @property {boolean} badLink whether the page was opened by a link that could not be read
 * @property {import("./engine/detector.js").Detector | null} detector null until it has arrived
 * @property {Grid | null} grid
 * @property {"waiting" | "mnist" | "handwritings"} source where the grid's images come from
 * @property {import("./engine/plan.js").Changes} changes what the visitor changed of the tutorial's plan
 * @property {string | null} invitation how a link wants the chosen architecture to be trained, as JSON
 * @property {Timeline[]} earlier own runs that were replaced: their curves stay in the chart
 * @property {import("./trainer.js").Training | null} training the last training in the page, if there was one
 * @property {number} starts how many networks are trained at once, each from a start of its own
 * @property {import("./engine/plan.js").Plan | null} rival a recipe that another one is to be compared with
 * @property {import("./series.js").Series | null} series the last trainings from many starts, if there were any
 * @property {boolean} showsSeries whether the view of training shows them, and not the chosen run
 * @property {number | null} marked a snapshot that was bet on in a lesson: it is marked on the time and in the digits' curves
 * @property {boolean} showsCard whether a picture of how the answer came about is shown, to be shared
 * @property {import("./writer.js").Writer | null} writer what the visitor has drawn for learning; null until that view opens
 * Made from the others, in the same change:
 * @property {Timeline | null} timeline of the chosen run; null until its first snapshots have arrived
 * @property {string | null} failure why the chosen run cannot be shown, as a sentence
 * @property {Uint8Array | null} image what the network is given: 784 levels of ink
 * @property {number | null} label the digit that this image is labelled; null for a drawing
 * @property {(Float64Array | null)[] | null} probabilities (snapshots, 10); null where a snapshot is on its way
 * @property {boolean} isDigit whether the image looks like a digit at all
 */

/**
 * @typedef {object} Store
 * @property {State} state read it; it is changed by `set` alone
 * @property {(changes: Partial<State>) => void} set
 * @property {(keys: (keyof State)[], watcher: (state: State) => void) => void} watch
 */

export {};
