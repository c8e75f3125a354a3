import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import { openAsker } from '../../evidence/asking/open-asker.js';
import { composeAnswer } from '../../evidence/compose.js';
import { defaultLanguage, loadEvidence } from '../../evidence/evidence-base.js';
import { answerAsText, othersAsText, replyAsText } from '../../report/answers/plain-text.js';
import { siteContext } from '../../report/answers/site.js';
import { outJson, toStdout } from '../terminal.js';
import { cardsIn, today } from './answers.js';

/**
 * `lucency ask "question"`: the answer of the evidence base that fits best, or a fixed reply. Nothing is made up. With
 * `--json`, one document `lucency.ask/1`: the reply, and the answer with all its numbers and their sources.
 */
export function askCommand(): Command {
  return new Command('ask')
    .description('answer a question about AI and fractures from the literature')
    .argument('[question...]', 'the question, in plain words')
    .option('--json', 'print one JSON document')
    .option('--models <folder>', 'folder of models whose accuracy is shown')
    .option('--language <code>', 'language of the answers', defaultLanguage)
    .action(async (question: string[], options: { json?: boolean; models?: string; language: string }) => {
      const asked = question.join(' ');
      if (asked.trim() === '') {
        throw new LucencyError('LUC_USAGE_INVALID', { reason: 'Give a question: lucency ask "question".' });
      }
      const base = loadEvidence(options.language);
      const reply = openAsker(base)(asked);
      const context = siteContext({ base, cards: await cardsIn(options.models), today: today() });
      const stored = reply.kind === 'answer' ? base.answers.get(reply.best.id) : undefined;
      const answer = stored ? composeAnswer(stored, context) : null;
      if (options.json) {
        outJson({ schema: 'lucency.ask/1', reply, answer }, 2);
        return;
      }
      const text =
        reply.kind !== 'answer'
          ? replyAsText(reply, context)
          : [answer ? answerAsText(answer, context) : '', othersAsText(reply, context)].join('\n\n');
      toStdout(`${text.trim()}\n`);
    });
}
