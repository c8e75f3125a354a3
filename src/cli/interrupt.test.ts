import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const program = path.resolve('dist/cli/testing/never-ending.js');

describe('a command that is told to end (SIGTERM)', () => {
  it('is told, may finish, and ends even when it does not', async () => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') child.kill('SIGTERM');
      said += text;
    });
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
    expect(said).toBe('begun\ntold\n');
    expect(signal).toBe('SIGKILL');
  });
});
