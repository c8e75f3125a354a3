/** Advance widths of the printable ASCII characters (32..126) in thousandths of the font size, Helvetica and bold. */
const regular =
  '278 278 355 556 556 889 667 222 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 222 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584';
const bold =
  '278 333 474 556 556 889 722 278 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 278 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584';

const widths = { regular: regular.split(' ').map(Number), bold: bold.split(' ').map(Number) };
const firstCode = 32;
/** Characters outside ASCII (dashes, Greek letters, accents) are taken to be as wide as a digit. */
const otherWidth = 556;

/**
 * Width of one line of text in pixels, for Helvetica and the fonts that share its metrics (Arial, Liberation Sans).
 * Plots are laid out with it because no canvas is there to measure text on.
 */
export function textWidth(text: string, fontSize: number, weight: 'regular' | 'bold' = 'regular'): number {
  const table = widths[weight];
  let sum = 0;
  for (const char of text) sum += table[(char.codePointAt(0) ?? 0) - firstCode] ?? otherWidth;
  return (sum * fontSize) / 1000;
}
