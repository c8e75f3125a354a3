/** A stretch of a sentence; a number keeps the fact that it came from, so that a page can link it. */
export interface Piece {
  readonly text: string;
  readonly fact: { readonly study: string; readonly fact: string } | null;
}

export interface Sentence {
  readonly pieces: readonly Piece[];
  /** Ids of the entries that it rests on. */
  readonly cites: readonly string[];
  /** True for a sentence that says what the evidence base lacks. */
  readonly gap: boolean;
}

/** The words of a sentence without its links. */
export function plainText(sentence: Sentence): string {
  return sentence.pieces.map((piece) => piece.text).join('');
}
