// The run's own history, from its checkpoint's card: accuracy and loss of every snapshot, and epochs.
const store = window.inkling;
const places = ["accuracy", "loss"].map((name) => element.querySelector(`[data-testid=history-${name}]`));
const legend = element.querySelector("[data-testid=history-legend]");
const table = element.querySelector("tbody");
let moveCursors = [];

function draw({ run }) {
  const { images_seen: images, accuracies, losses, training, epochs } = store.runs[run];
  const curves = [{ name: "chosen", title: store.say("history_test"), accuracies, losses }];
  if (training) {
    const title = store.say("history_training", { n: store.count(training.n) });
    curves.push({ name: "training", title, ...training });
  }
  legend.replaceChildren(
    ...curves.map(({ name, title }) => {
      const entry = document.createElement("span");
      entry.className = name;
      entry.textContent = title;
      return entry;
    }),
  );
  const nats = (loss) => loss.toFixed(2);
  const highest = Math.max(...curves.flatMap((curve) => curve.losses));
  const charts = [
    { key: "accuracies", top: 1, format: (value) => `${value * 100} %`, say: "accuracy", inWords: store.share },
    { key: "losses", top: highest, format: nats, say: "loss", inWords: nats },
  ];
  moveCursors = charts.map(({ key, top, format, say, inWords }, index) => {
    const inWordsOf = ({ title, [key]: values }) =>
      store.say("history_line", { first: inWords(values[0]), last: inWords(values.at(-1)), images: title });
    const label = store.say(`history_${say}_label`, { lines: curves.map(inWordsOf).join("; ") });
    const lines = curves.map((curve) => ({ values: curve[key], name: curve.name }));
    return store.chart(places[index], { images, lines, top, format, label });
  });
  table.replaceChildren(
    ...epochs.map(([epoch, trainingLoss, trainingAccuracy, testLoss, testAccuracy]) => {
      const row = document.createElement("tr");
      const cells = [
        ...[epoch, trainingLoss.toFixed(4), store.share(trainingAccuracy)],
        ...[testLoss.toFixed(4), store.share(testAccuracy)],
      ];
      for (const text of cells) row.insertCell().textContent = text;
      return row;
    }),
  );
}

const follow = () => moveCursors.forEach((move) => move(store.shown().index));

store.panel(element, (state, changed) => {
  if (changed.has("run")) draw(state);
  if (changed.has("run") || changed.has("snapshot")) follow();
});
