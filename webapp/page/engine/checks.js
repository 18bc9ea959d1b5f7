// Checks of plain values that came from outside, to be put together.

/** @typedef {(value: any) => boolean} Check */

/** A whole number. @type {(least: number, most: number) => Check} */
export const whole = (least, most) => (value) => Number.isSafeInteger(value) && value >= least && value <= most;

/** @type {(least: number, most: number) => Check} */
export const within = (least, most) => (value) => Number.isFinite(value) && value >= least && value <= most;

/** @type {(...values: unknown[]) => Check} */
export const oneOf = (...values) => (value) => values.includes(value);

/** @type {(check: Check) => Check} */
export const optional = (check) => (value) => value === undefined || check(value);

/** @type {(check: Check, least?: number, most?: number) => Check} */
export const listOf = (check, least = 0, most = Infinity) => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(check);

/** @type {(checks: Record<string, Check>) => Check} */
export const withFields = (checks) => (value) =>
  typeof value === "object" && value !== null && Object.entries(checks).every(([name, check]) => check(value[name]));

/** A value in a few letters, for a sentence about it. @param {unknown} value @returns {string} */
export function brief(value) {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
