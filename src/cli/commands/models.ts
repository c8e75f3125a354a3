import { Command } from 'commander';
import { printableJson } from '../../core/printable.js';
import { ModelRegistry, type RegisteredModel } from '../../models/registry.js';
import { toStdout } from '../terminal.js';

function describe({ card }: RegisteredModel): string {
  const size = card.file ? `${(card.file.bytes / 1e6).toFixed(1)} MB ${card.file.precision}` : 'no weights';
  const lines = [
    `${card.id} ${card.version} (${card.task}, ${size})`,
    `  ${card.title}`,
    `  ${card.training.protocol}`,
  ];
  for (const result of card.results.filter(({ subset }) => subset === 'all')) {
    const interval = result.interval
      ? ` (${result.interval.map((bound) => bound.toFixed(3)).join(' to ')})`
      : '';
    lines.push(`  ${result.metric} ${result.value.toFixed(3)}${interval}, ${result.set}, n = ${result.n}`);
  }
  return lines.join('\n');
}

/** `lucency models`: cards of the models; with `--check`, also the sums of their weights. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models with their facts, or check their sums')
    .option('--models <folder>', 'folder of models')
    .option('--check', 'compare the weights with the sums in their cards')
    .option('--json', 'print the cards as one JSON document')
    .action(async (options: { models?: string; check?: boolean; json?: boolean }) => {
      const registry = await ModelRegistry.open(options.models);
      if (options.check) {
        for (const model of registry.all()) if (model.weightsPath) await registry.readWeights(model);
      }
      const cards = registry.all();
      toStdout(
        options.json
          ? `${printableJson(
              cards.map(({ card }) => card),
              2,
            )}\n`
          : `${cards.map(describe).join('\n\n')}\n`,
      );
    });
}
