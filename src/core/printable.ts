/**
 * What a terminal, a log or a table must not get from a file: control characters (C0, DEL, C1), marks that turn the
 * direction of text, characters without width, other ends of a line, tags, and halves of surrogate pairs.
 */
const unprintable =
  /\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** A name or a value from a file as one piece of a line: what could move, hide or forge something is spelt out. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** As `printable`, for text of our own that has several lines: their ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(unprintable, (character) =>
    /[\n\t]/.test(character) ? character : escaped(character),
  );
}

/**
 * JSON that is safe to look at: the same document, with escapes for what JSON would leave raw.
 * @param indent spaces of each level; one line where it is left out
 */
export function printableJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  // Ends of lines stand between the values alone: within them JSON escapes them itself.
  return json.replace(unprintable, (character) => {
    if (character === '\n') return character;
    return Array.from({ length: character.length }, (_, index) => {
      const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
      return `\\u${unit}`;
    }).join('');
  });
}
