/** `values[index] += amount`, for an index that is inside. */
export function add(values: Float64Array | Int32Array, index: number, amount: number): void {
  values[index] = (values[index] ?? 0) + amount;
}
