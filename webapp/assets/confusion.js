// Confusion matrices of the test images: the untrained network's beside the shown snapshot's. A cell is a
// button that opens the images behind it, for as long as the numbers around it stay.
const store = window.inkling;
const moment = element.querySelector("[data-testid=confusion-moment]");
const tables = ["untrained", "trained"].map((name) => element.querySelector(`[data-testid=confusion-${name}]`));
const cellLine = element.querySelector("[data-testid=cell-line]");
const cellImages = element.querySelector("[data-testid=cell-images]");
const showTiles = store.tiles(cellImages);
let opened = null; // {button} of the cell whose images are shown; a new one each time
let matrices = null; // (snapshots, 10, 10) of the run below
let run = null;

for (const table of tables) {
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"));
  const body = table.createTBody();
  for (let digit = 0; digit < 10; digit += 1) {
    const column = document.createElement("th");
    column.scope = "col";
    column.textContent = digit;
    head.append(column);
    const row = body.insertRow();
    const label = document.createElement("th");
    label.scope = "row";
    label.textContent = digit;
    row.append(label);
    for (let prediction = 0; prediction < 10; prediction += 1) {
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => toggle({ button, table, label: digit, prediction }));
      row.insertCell().append(button);
    }
  }
  store.rove(table);
}

// Of a cell alone: if its children inherited it, a new share would have them styled again. Just slower without.
CSS.registerProperty?.({ name: "--share", syntax: "<number>", inherits: false, initialValue: 0 });

function fill(table, matrix) {
  [...table.tBodies[0].rows].forEach((row, label) => {
    const total = matrix[label].reduce((sum, count) => sum + count, 0);
    matrix[label].forEach((count, prediction) => {
      const cell = row.cells[prediction + 1];
      if (cell.textContent === String(count)) return; // nor has its share changed
      store.write(cell.firstChild, count);
      cell.firstChild.setAttribute("aria-label", store.say("cell_label", { count, label, prediction }));
      cell.className = label === prediction ? "hit" : "miss";
      cell.style.setProperty("--share", count / total);
    });
  });
}

function close() {
  if (!opened) return;
  opened.button.setAttribute("aria-pressed", false);
  opened = null;
  cellLine.textContent = store.say("cell_pick");
  showTiles(new Uint8Array(), []);
}

async function toggle({ button, table, label, prediction }) {
  const wasOpen = opened?.button === button;
  close();
  if (wasOpen || !matrices) return;
  const mine = (opened = { button });
  button.setAttribute("aria-pressed", true);
  const snapshot = table === tables[0] ? 0 : store.shown().index;
  const reply = await store.ask("cell", { run, snapshot, label, prediction }).catch(() => null);
  if (opened !== mine) return;
  if (reply?.source !== "mnist") {
    cellLine.textContent = reply?.error ?? store.say(reply ? `cell_${reply.source}` : "no_answer");
    return;
  }
  const ink = store.decodeBytes(reply.images);
  const shown = ink.length / 784;
  const values = { total: store.count(reply.total), shown, label, prediction };
  const extent = !shown ? "none" : shown < reply.total ? "some" : "all";
  cellLine.textContent = store.say(`cell_${extent}`, values);
  showTiles(ink, Array(shown).fill(label)).forEach((tile, index) => {
    tile.setAttribute("aria-label", store.say("cell_tile_label", { number: index + 1, label, prediction }));
  });
}

async function show() {
  if (run !== store.state.run) {
    run = store.state.run;
    matrices = null;
    const asked = run;
    const isWanted = () => asked === run;
    const onSilence = () => (moment.textContent = store.say("view_waits"));
    const reply = await store.askUntilAnswered("confusions", { run }, isWanted, onSilence);
    if (!reply || !isWanted()) return;
    if (reply.error) {
      moment.textContent = reply.error;
      return;
    }
    matrices = reply;
    fill(tables[0], matrices[0]);
  }
  if (!matrices) return;
  store.write(moment, store.moment());
  fill(tables[1], matrices[store.shown().index]);
}

store.panel(element, (state, changed) => {
  if (!changed.has("run") && !changed.has("snapshot")) return;
  close();
  show();
});
