// What page and training worker say to each other.

/**
 * @typedef {import("./distorted_images.js").LabelledDrawing} LabelledDrawing
 * @typedef {{images: string, labels: string}} Archives addresses of MNIST's training archives
 * @typedef {(archives: Archives, count: number, onArrival: (arrived: number) => void, signal: AbortSignal) =>
 *   Promise<import("./batches.js").LabelledImages>} LoadImages at least the first `count` images, or all there are;
 *   the signal ends the download, and the promise is rejected then
 * @typedef {[images: number, rate: number]} RateChange the learning rate from so many images on
 *
 * @typedef {object} Order what a job is told
 * @property {number} id of the job; every report names it
 * @property {import("./training_settings.js").Settings} settings
 * @property {import("./training_data.js").Choice} choice what to learn from; for own drawings: what to replay
 * @property {RateChange[]} rates changes of the learning rate on the way, in their order
 * @property {boolean} isWatched whether the first images go slowly enough to be watched
 * @property {Archives | null} archives MNIST's, or null to learn from `handwritings`
 * @property {LabelledDrawing[]} handwritings
 * @property {LabelledDrawing[]} own drawings to teach the network that `settings.start` holds; none to train anew
 *
 * @typedef {object} Report
 * @property {"loading" | "running" | "kept" | "moved" | "scored" | "paused" | "measuring" | "done" | "failed"} type
 * @property {number} id of the job
 * The others belong to some types only:
 * @property {number} [arrived] loading: images that are there
 * @property {number} [needed] loading: images that are waited for
 * @property {number} [totalSteps] running
 * @property {number[]} [axis] running: images seen by every snapshot to come
 * @property {import("./recording.js").Moment} [moment] kept: a snapshot; moved: the network as it is now
 * @property {number} [loss] moved: mean over the last batch, in nats
 * @property {number} [rate] moved: the learning rate of the steps to come
 * @property {RateChange[]} [rates] moved: all its changes so far
 * @property {number} [step] scored: of the snapshot
 * @property {import("./card.js").Scored | import("./card.js").Scores | null} [test] scored
 * @property {import("./card.js").Scored | null} [training] scored
 * @property {number} [measured] measuring: snapshots measured on all test images
 * @property {number} [snapshots] measuring: how many there are
 * @property {string | null} [message] failed: why, as a sentence; null for a bug
 * @property {boolean} [isMissing] failed: because MNIST is not there
 * @property {unknown} [error] failed: a bug, for the log
 */

/**
 * @typedef {{type: "start", order: Order, test: import("./batches.js").LabelledImages | null}
 *   | {type: "pause" | "resume" | "step" | "stop" | "shown"}
 *   | {type: "rate", rate: number}
 *   | {type: "watch", isWatched: boolean}} Message what the page says
 */

export {};
