// The inner loops of training and of reading many images, in single precision, four numbers at a time. JavaScript lays
// the arrays into this module's memory and calls one kernel after another (kernel_network.js), each for a whole batch.
// Plain SIMD128 without fused multiplication, so that every device computes the same bits. After a change, build it
// with clang and lld 19 (on Debian: apt-get install clang-19 lld-19), in this folder:
//
//   clang-19 --target=wasm32 -std=c17 -O3 -msimd128 -ffp-contract=off -fno-math-errno -ffreestanding -nostdlib
//     -fvisibility=hidden -Wall -Wextra -Werror -Wl,--no-entry -Wl,--export-dynamic -Wl,--export=__heap_base
//     -Wl,--allow-undefined -Wl,--strip-all -Wl,-z,stack-size=4096 -o kernels.wasm kernels.c
//
// A row of numbers is padded with zeros to whole fours; its `width` counts those. Padding stays zero throughout.
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

typedef float four __attribute__((vector_size(16)));
typedef int32_t ints __attribute__((vector_size(16)));
typedef uint32_t words __attribute__((vector_size(16)));
// What enters a layer: four fifths of MNIST's pixels hold no ink, and half of a ReLU layer's units are off. They add
// nothing, forwards or backwards, so only the others are listed: by sample with their input's index, or the other way.
typedef struct { int32_t index; float value; } Entry;
enum { RELU, TANH, SIGMOID };

__attribute__((import_module("page"))) float logarithm(float); // only for the loss that is told

INLINE four all(float value) { return (four){value, value, value, value}; }
INLINE four only(ints mask, four a) { return (four)(mask & (ints)a); }
INLINE float total(four a) { return (a[0] + a[1]) + (a[2] + a[3]); }
INLINE ints within(int place, int count) { return (ints){place, place + 1, place + 2, place + 3} < count; }

// e to the power of x, to two units in the last place; the polynomial is that of Cephes' expf (Stephen Moshier). It is
// 0 below -60, so that no product of it is smaller than 1e-38, which slows processors down; at most e^88. NaN stays NaN.
INLINE four power(four x) {
  four held = (four)wasm_f32x4_pmin(wasm_f32x4_pmax((v128_t)x, (v128_t)all(-60)), (v128_t)all(88));
  four n = (four)wasm_f32x4_nearest((v128_t)(held * all(1.44269504f)));
  four r = held - n * all(0.693359375f) - n * all(-2.12194440e-4f); // held - n * log 2, in two parts
  four p = all(1.9875691500e-4f);
  p = p * r + all(1.3981999507e-3f);
  p = p * r + all(8.3334519073e-3f);
  p = p * r + all(4.1665795894e-2f);
  p = p * r + all(1.6666665459e-1f);
  p = p * r + all(5.0000001201e-1f);
  p = p * r * r + r + all(1);
  ints exponent = ((ints)wasm_i32x4_trunc_sat_f32x4((v128_t)n) + 127) << 23;
  return only(~(x < all(-60)), p * (four)exponent);
}

// List the pixels that hold ink, sample by sample: those of sample s are from starts[s] to starts[s + 1].
EXPORT void list_pixels(const uint8_t *image, int size, int pixels, float scale, int *starts, Entry *entries) {
  int count = 0;
  for (int sample = 0; sample < size; sample++, image += pixels) {
    starts[sample] = count;
    for (int first = 0; first < pixels; first += 16) {
      v128_t levels = wasm_v128_load(image + first);
      uint32_t inked = wasm_i8x16_bitmask(wasm_i8x16_ne(levels, wasm_i8x16_const_splat(0)));
      for (; inked; inked &= inked - 1) {
        int pixel = first + __builtin_ctz(inked);
        entries[count++] = (Entry){pixel, scale * image[pixel] / 255};
      }
    }
  }
  starts[size] = count;
}

// The n-th to (n + 3)-th of random.js's numbers from a seed, n from 0, times 2^32: its state only counts.
INLINE words draw(uint32_t seed, uint32_t n) {
  words state = seed + (n + (words){1, 2, 3, 4}) * 0x6d2b79f5;
  words mixed = (state ^ (state >> 15)) * (state | 1);
  mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61);
  return mixed ^ (mixed >> 14);
}

// List the hidden units that are on. With dropout a unit is left out if its number of those drawn from the seed, one
// for every unit of every sample, is below `dropped`; the others are enlarged. `slopes`: of every entry the derivative
// of its value by the sum that it was made of.
EXPORT void list_units(const four *sums, int size, int units, int width, int activation, uint32_t dropped,
                       float enlarged, uint32_t seed, int *starts, Entry *entries, float *slopes) {
  int count = 0;
  for (int sample = 0; sample < size; sample++, sums += width) {
    starts[sample] = count;
    for (int unit = 0; unit < units; unit += 4) {
      four value = sums[unit / 4], slope = all(1);
      ints on = within(unit, units);
      if (activation == RELU) on &= ~(value <= 0); // NaN goes on, so that it is seen in the loss
      else if (activation == TANH) {
        value = all(1) - all(2) / (power(value + value) + all(1));
        slope = all(1) - value * value;
      } else {
        value = all(1) / (power(-value) + all(1));
        slope = value * (all(1) - value);
      }
      if (dropped) on &= draw(seed, sample * units + unit) >= dropped;
      value *= all(enlarged);
      slope *= all(enlarged);
      for (int k = 0; k < 4; k++) { // the next entry overwrites one that is off
        entries[count] = (Entry){unit + k, value[k]};
        slopes[count] = slope[k];
        count -= on[k]; // true is -1
      }
    }
  }
  starts[size] = count;
}

// The same entries input by input, with their sample's index: those of an input end at ends[input].
EXPORT void list_by_input(int size, int inputs, const int *starts, const Entry *entries, int *ends, Entry *sorted) {
  for (int input = 0; input <= inputs; input++) ends[input] = 0;
  for (int n = 0; n < starts[size]; n++) ends[entries[n].index + 1]++;
  for (int input = 0; input < inputs; input++) ends[input + 1] += ends[input]; // until here the starts
  for (int sample = 0; sample < size; sample++) {
    for (int n = starts[sample]; n < starts[sample + 1]; n++) {
      sorted[ends[entries[n].index]++] = (Entry){sample, entries[n].value};
    }
  }
}

#define MOST 6 // fours of a row held in registers at a time: with 8 of a processor's 16, V8 had too few for the rest

// to = from + the rows of a matrix that entries name, each times its value: `n` fours, a number that the compiler knows.
INLINE void add_fours(const int n, const four *from, four *to, const four *matrix, int width, const Entry *entry,
                      const Entry *end) {
  four sums[MOST];
  for (int k = 0; k < n; k++) sums[k] = from[k];
  for (; entry + 1 < end; entry += 2) {
    const four *a = matrix + entry[0].index * width, *b = matrix + entry[1].index * width;
    four p = all(entry[0].value), q = all(entry[1].value);
    for (int k = 0; k < n; k++) sums[k] += p * a[k] + q * b[k];
  }
  if (entry < end) {
    const four *a = matrix + entry->index * width;
    for (int k = 0; k < n; k++) sums[k] += all(entry->value) * a[k];
  }
  for (int k = 0; k < n; k++) to[k] = sums[k];
}

static void add_rows(int n, const four *from, four *to, const four *matrix, int width, const Entry *entry,
                     const Entry *end) {
  switch (n) {
    case 1: return add_fours(1, from, to, matrix, width, entry, end);
    case 2: return add_fours(2, from, to, matrix, width, entry, end);
    case 3: return add_fours(3, from, to, matrix, width, entry, end);
    case 4: return add_fours(4, from, to, matrix, width, entry, end);
    case 5: return add_fours(5, from, to, matrix, width, entry, end);
    default: return add_fours(6, from, to, matrix, width, entry, end);
  }
}

// How many fours to take next of those that are left: even parts, each at most MOST.
INLINE int part(int left) { return (left + (left + MOST - 1) / MOST - 1) / ((left + MOST - 1) / MOST); }

// to = from + factor times the sum of all rows of a matrix; `to` is none of the rows that are read
EXPORT void sum_rows(int rows, const four *matrix, int width, float factor, const four *from, four *to) {
  for (int k = 0; k < width; k++) to[k] = from[k];
  for (int row = 0; row < rows; row++, matrix += width) {
    for (int k = 0; k < width; k++) to[k] += all(factor) * matrix[k];
  }
}

// sums (size x width) = base + what the weights make of the entries
EXPORT void forward(int size, const int *starts, const Entry *entries, const four *weights, int width, const four *base,
                    four *sums) {
  for (int k = 0, n; k < width; k += n) {
    n = part(width - k);
    for (int s = 0; s < size; s++) {
      add_rows(n, base + k, sums + s * width + k, weights + k, width, entries + starts[s], entries + starts[s + 1]);
    }
  }
}

// Hand the loss's derivatives by this layer's sums down to the sums of the layer below; units that are off get 0.
EXPORT void backward(int size, const int *starts, const Entry *entries, const float *slopes, const four *weights,
                     int width, const four *derivatives, float *below, int below_width) {
  for (int s = 0; s < size; s++, derivatives += width, below += 4 * below_width) {
    for (int k = 0; k < below_width; k++) ((four *)below)[k] = all(0);
    for (int n = starts[s], last = starts[s + 1] - 1; n <= last; n += 4) { // four entries share the derivatives
      const int n1 = n + 1 < last ? n + 1 : last, n2 = n + 2 < last ? n + 2 : last, n3 = n + 3 < last ? n + 3 : last;
      const int i0 = entries[n].index, i1 = entries[n1].index, i2 = entries[n2].index, i3 = entries[n3].index;
      const four *a = weights + i0 * width, *b = weights + i1 * width;
      const four *c = weights + i2 * width, *d = weights + i3 * width;
      four p = all(0), q = all(0), r = all(0), t = all(0);
      for (int k = 0; k < width; k++) {
        p += derivatives[k] * a[k];
        q += derivatives[k] * b[k];
        r += derivatives[k] * c[k];
        t += derivatives[k] * d[k];
      }
      below[i0] = total(p) * slopes[n];
      below[i1] = total(q) * slopes[n1];
      below[i2] = total(r) * slopes[n2];
      below[i3] = total(t) * slopes[n3];
    }
  }
}

// The loss's derivatives by the weights: of every input its samples' derivatives, each times the input's value, and
// the row `everywhere`. `more`: they are added to those of the batch's parts before.
EXPORT void gradient(int inputs, const int *ends, const Entry *sorted, const four *derivatives, int width,
                     const four *everywhere, int more, four *gradients) {
  for (int input = 0; input < inputs; input++, gradients += width) {
    const Entry *entry = sorted + (input ? ends[input - 1] : 0), *end = sorted + ends[input];
    for (int k = 0; k < width; k++) gradients[k] = more ? gradients[k] + everywhere[k] : everywhere[k];
    for (int k = 0, n; k < width; k += n) {
      n = part(width - k);
      add_rows(n, gradients + k, gradients + k, derivatives + k, width, entry, end);
    }
  }
}

// Added and taken away again, it rounds what is smaller than 1e-36 to 0: numbers below 1e-38, to which the means of
// units that stay off decay, slow some processors down a hundredfold.
static const float TINY = 1e-20f;

// Adam (Kingma & Ba 2015, arXiv 1412.6980) with PyTorch's defaults. `step` and `correction` hold what it makes of the
// number of steps: both means start from 0.
EXPORT void adam(int count, const four *gradients, four *values, four *first, four *second, float step,
                 float correction) {
  for (int k = 0; k < count; k++) {
    four mean = all(0.9f) * first[k] + all(0.1f) * gradients[k] + all(TINY) - all(TINY);
    four square = all(0.999f) * second[k] + all(0.001f) * gradients[k] * gradients[k];
    first[k] = mean;
    second[k] = square;
    values[k] -= all(step) * mean / ((four)wasm_f32x4_sqrt((v128_t)square) * all(correction) + all(1e-8f));
  }
}

// Gradient descent with momentum, as PyTorch defines it.
EXPORT void sgd(int count, const four *gradients, four *values, four *velocities, float rate, float momentum) {
  for (int k = 0; k < count; k++) {
    velocities[k] = all(momentum) * velocities[k] + gradients[k] + all(TINY) - all(TINY);
    values[k] -= all(rate) * velocities[k];
  }
}

// Put a softmax in the place of numbers, of which `high` is about the highest; returns the logarithm of the sum of the
// exponentials.
INLINE float softmax(four *row, float high, int outputs, int width) {
  four sum = all(0);
  for (int k = 0; k < width; k++) sum += row[k] = only(within(4 * k, outputs), power(row[k] - all(high)));
  for (int k = 0; k < width; k++) row[k] /= all(total(sum));
  return high + logarithm(total(sum));
}

// Put the loss's derivatives, times the share that one image has in the mean, in the place of the logits; returns the
// sum of the losses. `twice`: the tutorial's model ends in softmax, and its loss applies softmax once more.
EXPORT double measure(float *logits, const uint8_t *labels, int size, int outputs, int width, int twice, float share,
                      four *probabilities, uint8_t *predictions) {
  double loss = 0;
  for (int s = 0; s < size; s++, logits += 4 * width) {
    four *row = (four *)logits, mean = all(0); // of the derivatives by the probabilities, weighted by these
    int best = 0;
    for (int k = 1; k < outputs; k++) if (logits[k] > logits[best]) best = k;
    predictions[s] = best;
    if (twice) softmax(row, logits[best], outputs, width);
    for (int k = 0; k < width; k++) probabilities[k] = row[k];
    float logit = logits[labels[s]];
    loss += softmax(row, logits[best], outputs, width) - logit;
    logits[labels[s]] -= 1;
    for (int k = 0; twice && k < width; k++) mean += probabilities[k] * row[k];
    for (int k = 0; k < width; k++) {
      if (twice) row[k] = probabilities[k] * (row[k] - all(total(mean)));
      row[k] *= all(share);
    }
  }
  return loss;
}
