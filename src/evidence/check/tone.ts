import path from 'node:path';
import { z } from 'zod';
import { evidenceFolder, readDataFile } from '../evidence-base.js';

const toneSchema = z.strictObject({ promising: z.array(z.string()), alarming: z.array(z.string()) });
type Tone = z.infer<typeof toneSchema>;

/** The words that no text for patients may hold; `*` stands for any ending. */
export function loadTone(language: string): Tone {
  return readDataFile(path.join(evidenceFolder(), 'wording', `tone-${language}.json`), toneSchema);
}

function pattern(word: string): RegExp {
  const stem = word.replace(/\*$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}])${stem}${word.endsWith('*') ? '\\p{L}*' : ''}(?![\\p{L}])`, 'iu');
}

/** The alarming and promising words that stand in a text, as they stand there. */
export function refusedWords(text: string, tone: Tone): { word: string; kind: 'promising' | 'alarming' }[] {
  const straight = text.replaceAll('’', "'");
  return (['promising', 'alarming'] as const).flatMap((kind) =>
    tone[kind].flatMap((word) => {
      const found = pattern(word).exec(straight);
      return found ? [{ word: found[0], kind }] : [];
    }),
  );
}
