import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/lucency.js', import.meta.url));

export interface RunningNode {
  readonly child: ChildProcess;
  readonly lines: string[];
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Runs `lucency receive` on the loopback interface, open to the AE title TESTER. */
export async function startReceive(folder: string, port: number, ...more: string[]): Promise<RunningNode> {
  const args = [
    'receive',
    '--out',
    folder,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--allow',
    'TESTER',
  ];
  const child = spawn(process.execPath, [bin, ...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const log = createInterface({ input: child.stderr });
  log.on('line', (line) => lines.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  while (!lines.some((line) => line.includes('takes objects at'))) {
    if (child.exitCode !== null) throw new Error(lines.join('\n'));
    await once(log, 'line');
  }
  return {
    child,
    lines,
    end: async (signal) => {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
