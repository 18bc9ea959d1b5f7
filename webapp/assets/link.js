// Lesson links: the page's state as a fragment, which no server sees, and back.
inkling.link = (() => {
  const SCALE = 1e4; // coordinates travel as whole ten-thousandths of the pad

  const toUrl = (base64) => base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=*$/, "");
  const fromUrl = (text) => text.replaceAll("-", "+").replaceAll("_", "/");

  function write({ run, snapshot, drawing, sample, open, lesson }) {
    const fragment = new URLSearchParams({ run });
    if (snapshot !== null) fragment.set("step", inkling.runs[run].steps[snapshot]);
    if (open.length) fragment.set("open", open.join("."));
    if (lesson) fragment.set("lesson", "1");
    if (drawing.strokes.length) {
      const numbers = (points) => points.flat().map((value) => Math.round(value * SCALE));
      fragment.set("drawing", drawing.strokes.map((points) => numbers(points).join(".")).join("_"));
    }
    if (sample) fragment.set("sample", `${sample.label}.${toUrl(sample.ink)}`);
    return `#${fragment}`;
  }

  function readStroke(text) {
    const numbers = text.split(".").map((digits) => (/^\d{1,5}$/.test(digits) ? Number(digits) / SCALE : NaN));
    if (numbers.length % 2 || !numbers.every((value) => value >= 0 && value <= 1)) throw new Error("stroke");
    return Array.from({ length: numbers.length / 2 }, (_, index) => numbers.slice(2 * index, 2 * index + 2));
  }

  // A label and 784 bytes of ink, some of them not paper.
  function readSample(text) {
    const [, label, ink] = text.match(/^(\d)\.([\w-]{1046})$/) ?? [];
    const bytes = inkling.decodeBytes(fromUrl(ink));
    if (!bytes.some(Boolean)) throw new Error("sample");
    return { ink: inkling.encodeBytes(bytes), label: Number(label) };
  }

  // The changes to the state that a fragment asks for; null if it is broken or not one of ours.
  function read(fragment) {
    try {
      const given = new URLSearchParams(fragment.replace(/^#/, ""));
      const known = ["run", "step", "open", "drawing", "sample", "lesson"];
      if ([...given.keys()].some((key) => !known.includes(key) || given.getAll(key).length > 1)) return null;
      const run = given.get("run");
      if (!Object.hasOwn(inkling.runs, run)) return null;
      const { steps } = inkling.runs[run];
      const snapshot = given.has("step") ? steps.map(String).indexOf(given.get("step")) : steps.length - 1;
      const open = given.get("open")?.split(".") ?? [];
      if (snapshot < 0 || !open.every((name) => inkling.panels.includes(name))) return null;
      const strokes = given.get("drawing")?.split("_").map(readStroke) ?? [];
      if (strokes.length > inkling.limits.strokes || strokes.flat().length > inkling.limits.points) return null;
      if (![null, "1"].includes(given.get("lesson"))) return null;
      return {
        run,
        snapshot: snapshot === steps.length - 1 ? null : snapshot,
        open: [...new Set(open)],
        drawing: { strokes },
        sample: given.has("sample") ? readSample(given.get("sample")) : null,
        lesson: given.has("lesson"),
      };
    } catch {
      return null;
    }
  }

  return { write, read };
})();

if (location.hash.length > 1) Object.assign(inkling.state, inkling.link.read(location.hash) ?? { badLink: true });
addEventListener("hashchange", () => location.reload());
if (inkling.state.lesson) {
  // A style of its own: Gradio scopes the page's style sheet to inside its container.
  const style = document.createElement("style");
  style.textContent = "#masthead .form { display: none !important; }";
  document.head.append(style);
}
