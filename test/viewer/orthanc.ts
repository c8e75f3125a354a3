import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Whether Orthanc and its DICOMweb plugin are installed. */
export const hasOrthanc = existsSync(plugin) && spawnSync('Orthanc', ['--version']).status === 0;

/** An Orthanc with DICOMweb under `/dicom-web/`, its storage in a folder of its own. */
export interface Orthanc {
  readonly url: string;
  store(file: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}`);
    const there = await fetch(`${url}/system`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (there) return;
    await sleep(200);
  }
  throw new Error('Orthanc does not answer');
}

export async function startOrthanc(): Promise<Orthanc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lucency-orthanc-'));
  const port = await freePort();
  const settings = path.join(folder, 'orthanc.json');
  await writeFile(
    settings,
    JSON.stringify({
      StorageDirectory: path.join(folder, 'storage'),
      IndexDirectory: path.join(folder, 'storage'),
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      Plugins: [plugin],
      DicomWeb: { Enable: true, Root: '/dicom-web/', StudiesMetadata: 'Full', SeriesMetadata: 'Full' },
    }),
  );
  const child = spawn('Orthanc', [settings], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url, child);
  return {
    url,
    async store(file) {
      const { ok, status } = await fetch(`${url}/instances`, { method: 'POST', body: Buffer.from(file) });
      if (!ok) throw new Error(`Orthanc refused an object: ${status}`);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
