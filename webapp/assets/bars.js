// Ten bars, one for each digit: in one way wherever the page shows what a network says.
// Fills the list `chart`; returns a function that shows ten probabilities, or null for none.
inkling.bars = (chart) => {
  for (let digit = 0; digit < 10; digit += 1) {
    const row = document.createElement("li");
    row.dataset.digit = digit;
    row.dataset.probability = "";
    row.innerHTML = `<b>${digit}</b><span class="track"><span class="bar"></span></span><span></span>`;
    chart.append(row);
  }
  return (probabilities) => {
    const top = probabilities && inkling.topDigit(probabilities);
    for (const row of chart.children) {
      const probability = probabilities?.[row.dataset.digit];
      row.dataset.probability = probability ?? "";
      row.classList.toggle("top", Number(row.dataset.digit) === top);
      row.querySelector(".bar").style.transform = `scaleX(${probability ?? 0})`;
      inkling.write(row.lastElementChild, probabilities ? inkling.percent(probability) : "");
    }
  };
};
