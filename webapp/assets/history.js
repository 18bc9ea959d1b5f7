// The run's own history, from its checkpoint's card: test accuracy and loss of every snapshot, every epoch.
const store = window.inkling;
const places = ["accuracy", "loss"].map((name) => element.querySelector(`[data-testid=history-${name}]`));
const table = element.querySelector("tbody");
let moveCursors = [];

function draw({ run }) {
  const { images_seen: images, accuracies, losses, epochs } = store.runs[run];
  const nats = (loss) => loss.toFixed(2);
  const charts = [
    { values: accuracies, top: 1, format: (value) => `${value * 100} %`, say: "accuracy", inWords: store.percent },
    { values: losses, top: Math.max(...losses), format: nats, say: "loss", inWords: nats },
  ];
  moveCursors = charts.map(({ values, top, format, say, inWords }, index) => {
    const ends = { first: inWords(values[0]), last: inWords(values.at(-1)) };
    const label = store.say(`history_${say}_label`, ends);
    return store.chart(places[index], { images, lines: [{ values, name: "chosen" }], top, format, label });
  });
  table.replaceChildren(
    ...epochs.map(([epoch, trainingLoss, trainingAccuracy, testLoss, testAccuracy]) => {
      const row = document.createElement("tr");
      const cells = [
        ...[epoch, trainingLoss.toFixed(4), store.percent(trainingAccuracy)],
        ...[testLoss.toFixed(4), store.percent(testAccuracy)],
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
