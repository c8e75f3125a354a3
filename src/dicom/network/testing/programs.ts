import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';

/** Whether an outside program can be run here. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

export interface ProgramResult {
  readonly status: number;
  readonly output: string;
}

/** Runs a program to its end, without blocking the node under test. */
export function runProgram(name: string, args: readonly string[]): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(name, args, { maxBuffer: 2 ** 26 }, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, output: `${stdout}${stderr}` });
    });
  });
}

/** A port of the loopback interface that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface TestCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A self-made certificate for the loopback interface. */
export function makeCertificate(folder: string, name: string): TestCertificate {
  const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return { key, certificate };
}
