/** One pass of a bottom-up merge sort: merges neighbouring runs of `width` from `from` into `to`. */
function mergeRuns(values: Float64Array, from: Uint32Array, to: Uint32Array, width: number): void {
  const n = from.length;
  for (let start = 0; start < n; start += 2 * width) {
    const middle = Math.min(start + width, n);
    const end = Math.min(start + 2 * width, n);
    let left = start;
    let right = middle;
    for (let at = start; at < end; at++) {
      const leftIndex = from[left] ?? 0;
      const rightIndex = from[right] ?? 0;
      const takeLeft =
        left < middle && (right >= end || (values[leftIndex] ?? 0) >= (values[rightIndex] ?? 0));
      to[at] = takeLeft ? leftIndex : rightIndex;
      if (takeLeft) left++;
      else right++;
    }
  }
}

/**
 * Indices of `values` from the highest to the lowest; equal values stay in the order given (a stable merge sort, as
 * numpy's "mergesort" is, so that ties fall as they do in pycocotools). The values must not hold NaN.
 */
export function orderDescending(values: Float64Array): Uint32Array {
  let from = Uint32Array.from({ length: values.length }, (_, index) => index);
  let to = new Uint32Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    mergeRuns(values, from, to, width);
    [from, to] = [to, from];
  }
  return from;
}
