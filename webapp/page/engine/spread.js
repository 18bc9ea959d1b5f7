// How far results from many starts lie apart, and whether two groups of them differ by more than luck.
import { mulberry32, shuffle } from "./random.js";

const SPLITS = 9_999; // random ones; the least p is 1 in 10,000

/** @param {number[]} values at least one */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The standard deviation, estimated from a sample.
 * @param {number[]} values
 * @returns {number} NaN for fewer than two
 */
export function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * A two-sided permutation test: how often two random groups of all the values have means at least as far apart as these.
 * The real split counts as one of the random ones, so that p is never 0 (Phipson & Smyth 2010, arXiv 1603.05766).
 * @param {number[]} one
 * @param {number[]} other
 * @returns {number} p, above 0 and up to 1; the same for the same values
 */
export function permutationTest(one, other) {
  const all = [...one, ...other];
  const total = all.reduce((sum, value) => sum + value, 0);
  const least = Math.abs(mean(one) - mean(other)) - 1e-12; // which rounding may take away
  const random = mulberry32(1);
  let asFar = 1;
  for (let split = 0; split < SPLITS; split += 1) {
    shuffle(all, random);
    const first = all.slice(0, one.length).reduce((sum, value) => sum + value, 0);
    asFar += Number(Math.abs(first / one.length - (total - first) / other.length) >= least);
  }
  return asFar / (SPLITS + 1);
}
