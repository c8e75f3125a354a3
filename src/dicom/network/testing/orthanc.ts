import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './programs.js';

const program = '/usr/sbin/Orthanc';
const webPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Whether the archive that the tests talk to is installed, with its DICOMweb plugin. */
export const hasOrthanc = existsSync(program) && existsSync(webPlugin);

export interface Orthanc {
  readonly dicomPort: number;
  /** Base of its own REST services. */
  readonly rest: string;
  /** Base of its DICOMweb services. */
  readonly web: string;
  stop(): Promise<void>;
}

/** Starts an archive on the loopback interface. @param movePort where it sends what our AE title LUCENCY asks for */
export async function startOrthanc(movePort: number): Promise<Orthanc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lucency-orthanc-'));
  const [dicomPort, httpPort] = [await freePort(), await freePort()];
  const configuration = {
    Name: 'Test archive',
    StorageDirectory: path.join(folder, 'storage'),
    IndexDirectory: path.join(folder, 'storage'),
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomAet: 'ORTHANC',
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomCheckCalledAet: true,
    DicomAlwaysAllowStore: false,
    DicomCheckModalityHost: false,
    DicomModalities: { lucency: { AET: 'LUCENCY', Host: '127.0.0.1', Port: movePort, AllowMove: true } },
    Plugins: [webPlugin],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  const file = path.join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child: ChildProcess = spawn(program, [file], { stdio: 'ignore' });
  const rest = `http://127.0.0.1:${httpPort}`;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${rest}/system`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 300 || child.exitCode !== null) throw new Error('Orthanc did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    dicomPort,
    rest,
    web: `${rest}/dicom-web`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
