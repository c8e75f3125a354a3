import { InvalidArgumentError } from 'commander';

/** Parser of an option that takes any finite number. */
export function anyNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** Parser of an option that takes a number between 0 and 1, both excluded. */
export function fraction(text: string): number {
  const value = anyNumber(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must lie between 0 and 1.');
  return value;
}

/** Parser of an option that takes a share: a number from 0 to 1. */
export function share(text: string): number {
  const value = anyNumber(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

/** Parser of an option that takes a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = anyNumber(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return value;
  };
}

/** Parser of an option that takes a number from `low` to `high`. */
export function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = anyNumber(text);
    if (!(value >= low && value <= high)) {
      throw new InvalidArgumentError(`It must be a number from ${low} to ${high}.`);
    }
    return value;
  };
}
