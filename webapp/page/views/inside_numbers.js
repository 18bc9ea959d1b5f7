// Numbers as this view writes them.

/** @param {number} value @param {number} [places] @returns {string} such as "−0.25" or "3.10" */
export function plain(value, places = 2) {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) ? `−${text}` : text;
}

/** @param {number} value @param {number} [places] @returns {string} such as "−0.25", "+3.10" or "0.00" */
export function signed(value, places = 2) {
  const text = plain(value, places);
  return value > 0 && Number(text) ? `+${text}` : text;
}

/**
 * A total and its first part as they are rounded, and the second part so that both add up to the total as written.
 * @param {number} total
 * @param {number} first
 * @param {number} [places]
 * @returns {number[]} total, first, second
 */
export function roundedParts(total, first, places = 2) {
  const round = (/** @type {number} */ value) => Number(value.toFixed(places));
  return [round(total), round(first), round(total) - round(first)];
}

/**
 * How many digits behind the point tell numbers of this size apart: 2, and more below 1.
 * @param {number} size
 */
export function placesFor(size) {
  return size > 0 && size < 1 ? Math.min(8, 2 - Math.floor(Math.log10(size))) : 2;
}
