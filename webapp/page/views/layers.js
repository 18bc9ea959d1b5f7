// The chosen network as a picture; below it its layers, their outputs and the numbers that training changes.
import { h } from "../dom.js";
import { activationsOf, layerSizes } from "../engine/network.js";
import { chosen } from "../state.js";
import { count, say } from "../text.js";
import { createNetworkPicture } from "./network_picture.js";

/** @param {import("../state.js").Store} store @returns {import("./stage.js").View} */
export function createLayers(store) {
  const picture = createNetworkPicture(store);
  let tabled = ""; // the run that the table is of
  const body = h("tbody");
  const columns = ["layers_layer", "layers_shape", "layers_parameters"].map((key) => h("th", { scope: "col" }, say(key)));
  const table = h("table", { class: "layers", "data-testid": "layers-summary" }, h("thead", {}, h("tr", {}, ...columns)), body);

  function show() {
    picture.show();
    if (tabled === store.state.run) return;
    tabled = store.state.run;
    const { architecture, parameters } = chosen(store.state);
    const [sizes, activations] = [layerSizes(architecture), activationsOf(architecture)];
    const row = (/** @type {string} */ name, /** @type {string} */ shape, /** @type {number} */ numbers) =>
      h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, shape), h("td", {}, count(numbers)));
    const rows = sizes.slice(1).flatMap((outputs, layer) => {
      const linear = row(say("layers_linear"), String(outputs), outputs * sizes[layer] + outputs);
      return layer < activations.length ? [linear, row(capitalOf(activations[layer]), String(outputs), 0)] : [linear];
    });
    body.replaceChildren(row(say("layers_input"), "28 × 28 = 784", 0), ...rows, row(say("layers_total"), "", parameters));
  }
  return { about: [...picture.about, say("layers_note")], content: [...picture.content, table], keys: [...picture.keys], show };
}

/** An activation's name as it is written. @param {string} name */
const capitalOf = (name) => ({ relu: "ReLU", tanh: "Tanh", sigmoid: "Sigmoid" })[name] ?? name;
