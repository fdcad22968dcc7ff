/** An exponential average that does not start at zero (as TensorBoard's): weight 0 changes nothing. NaN is passed over. */
export function smooth(values, weight) {
  if (!weight) return values;
  let sum = 0, mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + (1 - weight) * value;
    mass = mass * weight + (1 - weight);
    return sum / mass;
  });
}
