// What the network is given: the drawing merely shrunk beside made like MNIST, what the shown snapshot says of
// both, and the stages between. Asked of the server while this view is open and the pen is up.
const store = window.inkling;
const find = (name) => element.querySelector(`[data-testid=${name}]`);
const line = find("given-line");
const body = find("given-body");
const stages = [...find("given-stages").children];
const step = find("given-step");
const WAYS = ["shrunk", "made"];
const SIDE = 28; // pixels; the pad's width in the stages' pictures
const CENTRE = 14; // the pixel, down and right, in which MNIST's centres of mass lie
const showBars = {}; // per way, once the view was opened
let reply = null; // the newest answer, with the run and the drawing that it is for
let asked = null; // the run and the drawing that an answer is awaited for

const rectangle = (x, y, width, height, name) => store.svg("rect", { x, y, width, height, class: name });

function showStages() {
  const { drawing, box, fitted, shift, made } = reply;
  const [pad, boxed, fit, centred] = stages;
  const lines = () =>
    drawing.strokes.map((stroke) => {
      const points = [stroke[0], ...stroke].map(([x, y]) => `${x * SIDE},${y * SIDE}`); // a dot is a line too
      return store.svg("polyline", { points: points.join(" "), class: "stage-pen" });
    });
  pad.querySelector("svg").replaceChildren(...lines());
  const [left, top, width, height] = box.map((value) => value * SIDE);
  boxed.querySelector("svg").replaceChildren(...lines(), rectangle(left, top, width, height, "stage-box"));
  store.paint(fit.querySelector("canvas"), store.decodeBytes(fitted));
  store.paint(centred.querySelector("canvas"), store.decodeBytes(made.image));
  const [down, right] = shift;
  centred
    .querySelector("svg")
    .replaceChildren(rectangle(right, down, 20, 20, "stage-box"), rectangle(CENTRE, CENTRE, 1, 1, "stage-centre"));
}

function showAnswers() {
  const { index } = store.shown();
  const values = { moment: store.moment() };
  for (const way of WAYS) {
    const probabilities = reply[way].probabilities[index];
    showBars[way] ??= store.bars(find(`bars-${way}`));
    showBars[way](probabilities);
    values[way] = store.topDigit(probabilities);
    values[`${way}Sure`] = store.percent(Math.max(...probabilities));
  }
  store.write(line, store.say("given_line", values));
}

function show() {
  if (!reply) return;
  for (const way of WAYS) store.paint(find(`given-${way}`), store.decodeBytes(reply[way].image));
  showStages();
}

async function ask({ run, drawing }) {
  const mine = (asked = { run, drawing });
  const isWanted = () => {
    const { state } = store;
    return asked === mine && state.run === run && state.drawing === drawing && state.open.includes("given");
  };
  const onSilence = () => store.write(line, store.say("view_waits"));
  const got = await store.askUntilAnswered("given", mine, isWanted, onSilence);
  const isLate = !isWanted();
  if (asked === mine) asked = null;
  if (!got || isLate) return;
  reply = got.error ? null : { ...got, run, drawing };
  body.hidden = !reply;
  body.classList.remove("stale");
  if (got.error) line.textContent = got.error;
  else {
    show();
    showAnswers();
  }
}

store.panel(element, (state, changed) => {
  const { run, drawing, sample, penDown } = state;
  if (sample || !drawing.strokes.length) {
    reply = asked = null;
    body.hidden = true;
    line.textContent = store.say("given_empty");
  } else if (reply?.run !== run || reply.drawing !== drawing) {
    body.classList.add("stale"); // what is shown is of another drawing
    if (!penDown && (asked?.run !== run || asked.drawing !== drawing)) ask(state);
  } else if (changed.has("snapshot")) showAnswers();
});

let shownStages = stages.length;
step.addEventListener("click", () => {
  shownStages = (shownStages % stages.length) + 1;
  stages.forEach((stage, index) => stage.classList.toggle("later", index >= shownStages));
  step.textContent = store.say(shownStages === stages.length ? "given_one_by_one" : "given_next");
});
store.onScheme(show);
