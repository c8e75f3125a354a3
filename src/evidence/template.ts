import { LucencyError } from '../core/errors.js';

/** Ways to say a number; the words around it are in the wording file of the language. */
export const formats = ['auto', 'of100', 'rest100', 'n100', 'range', 'range100', 'percent'] as const;
export type NumberFormat = (typeof formats)[number];

/** A stretch of words, or a place where a fact stands. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fact'; readonly reference: string; readonly format: NumberFormat };

function isFormat(word: string): word is NumberFormat {
  return (formats as readonly string[]).includes(word);
}

/**
 * Reads text such as `AI found {{kuo-2022/sensitivity|of100}} broken bones`. Numbers never stand in the text itself, so
 * that each one can be traced.
 * @throws LUC_EVIDENCE_TEXT_INVALID for a format that does not exist or braces that do not close.
 */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{([^{}|]+)(?:\|([^{}|]+))?\}\}/g)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    const format = match[2] ?? 'auto';
    if (!isFormat(format)) {
      throw new LucencyError('LUC_EVIDENCE_TEXT_INVALID', {
        text,
        reason: `there is no number format ${format}`,
      });
    }
    parts.push({ kind: 'fact', reference: match[1]?.trim() ?? '', format });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  if (parts.some((part) => part.kind === 'text' && /[{}]/.test(part.text))) {
    throw new LucencyError('LUC_EVIDENCE_TEXT_INVALID', { text, reason: 'its braces do not close' });
  }
  return parts;
}

/** The facts that a text uses. */
export function referencesIn(text: string): string[] {
  return parseTemplate(text).flatMap((part) => (part.kind === 'fact' ? [part.reference] : []));
}

/** True when digits stand in the words themselves; "3D" is a word and no number, and so are names that begin with it. */
export function hasTypedNumber(text: string): boolean {
  return parseTemplate(text).some(
    (part) => part.kind === 'text' && /\d/.test(part.text.replace(/\b3D\w*/g, '')),
  );
}
