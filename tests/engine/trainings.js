// A JSON list of trainings, from a file: [{plan, images, labels, steps, …}], where images, labels, start (weights
// as this prints them) and draws (what random says, in double precision) are files, and rates is {step: learning rate
// from then on}. Prints of every training the weights (inputs × outputs) and then the bias of every layer, as numbers
// in double precision, and then the mean loss and the number of correct predictions of every step.
import { readFileSync } from "node:fs";
import { activationsOf, layerSizes } from "../../webapp/page/engine/network.js";
import { Training } from "../../webapp/page/engine/training.js";
import { kernels } from "./kernels.js";

const doublesOf = (file) => new Float64Array(new Uint8Array(readFileSync(file)).buffer);

function networkOf(file, architecture) {
  const sizes = layerSizes(architecture);
  let numbers = doublesOf(file);
  const take = (count) => {
    const taken = numbers.slice(0, count);
    numbers = numbers.subarray(count);
    return taken;
  };
  const layers = sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index];
    return { inputs, outputs, weights: Float32Array.from(take(inputs * outputs)), bias: take(outputs) };
  });
  return { layers, activations: activationsOf(architecture) };
}

function randomOf(file) {
  const numbers = doublesOf(file);
  let next = 0;
  return () => numbers[next++];
}

for (const { plan, images, labels, steps, start, share, draws, rates = {} } of JSON.parse(readFileSync(process.argv[2]))) {
  const training = new Training(
    kernels,
    plan,
    { images: new Uint8Array(readFileSync(images)), labels: new Uint8Array(readFileSync(labels)) },
    { start: start ? { network: networkOf(start, plan.architecture), share } : null, random: draws && randomOf(draws) },
  );
  const results = [];
  while (training.stepsDone < steps) {
    training.learningRate = rates[training.stepsDone] ?? training.learningRate;
    const { loss, correct } = training.step();
    results.push(loss, correct);
  }
  for (const { weights, bias } of training.network().layers) {
    process.stdout.write(new Uint8Array(Float64Array.from(weights).buffer));
    process.stdout.write(new Uint8Array(bias.buffer));
  }
  process.stdout.write(new Uint8Array(Float64Array.from(results).buffer));
}
