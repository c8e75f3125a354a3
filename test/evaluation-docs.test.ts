import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli/main.js';

const page = readFileSync('docs/evaluation.md', 'utf8');

interface Example {
  readonly command: string;
  readonly lines: readonly string[];
}

/** Every block that begins with `$ npx lucency`, and the lines of its output that the page shows. */
function examples(): Example[] {
  return [...page.matchAll(/```console\n\$ npx lucency (.*)\n([\s\S]*?)```/g)].map(
    ([, command = '', output = '']) => ({
      command,
      lines: output.split('\n').filter((line) => line !== ''),
    }),
  );
}

/** Splits a command as a shell does that meets single quotes only. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

async function run(command: string): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const code = await main(wordsOf(command));
  vi.restoreAllMocks();
  expect(code, command).toBe(0);
  return printed;
}

afterEach(() => vi.restoreAllMocks());

describe('docs/evaluation.md', () => {
  const byCommand = new Map<string, string[]>();
  for (const { command, lines } of examples())
    byCommand.set(command, [...(byCommand.get(command) ?? []), ...lines]);

  it('has examples of every statistical command that prints tables', () => {
    const commands = new Set([...byCommand.keys()].map((command) => wordsOf(command)[0]));
    expect(commands).toEqual(new Set(['evaluate', 'sample-size', 'compare', 'meta-analysis']));
  });

  it.each([...byCommand])('shows what it prints: lucency %s', async (command, lines) => {
    const printed = (await run(command)).split('\n');
    for (const line of lines) expect(printed).toContain(line);
  });

  it('links to files that are there', () => {
    for (const [, target = ''] of page.matchAll(/\]\(([^)#]+)\)/g)) {
      if (!target.startsWith('http')) expect(() => readFileSync(`docs/${target}`), target).not.toThrow();
    }
  });
});
