// Confusion matrices of the test images: the untrained network's beside the shown snapshot's.
const store = window.inkling;
const moment = element.querySelector("[data-testid=confusion-moment]");
const tables = ["untrained", "trained"].map((name) => element.querySelector(`[data-testid=confusion-${name}]`));
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
    for (let prediction = 0; prediction < 10; prediction += 1) row.insertCell();
  }
}

function fill(table, matrix) {
  [...table.tBodies[0].rows].forEach((row, label) => {
    const total = matrix[label].reduce((sum, count) => sum + count, 0);
    matrix[label].forEach((count, prediction) => {
      const cell = row.cells[prediction + 1];
      cell.textContent = count;
      cell.className = label === prediction ? "hit" : "miss";
      cell.style.setProperty("--share", count / total);
    });
  });
}

async function show() {
  if (run !== store.state.run) {
    run = store.state.run;
    matrices = null;
    const asked = run;
    const reply = await server.confusions({ run }).catch(() => null);
    if (asked !== run) return;
    if (!reply || reply.error) {
      run = null; // asked again at the next change
      return;
    }
    matrices = reply;
  }
  if (!matrices) return;
  moment.textContent = store.moment();
  fill(tables[0], matrices[0]);
  fill(tables[1], matrices[store.shown().index]);
}

store.panel(element, (state, changed) => {
  if (changed.has("run") || changed.has("snapshot")) show();
});
