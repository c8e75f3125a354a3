import { z } from 'zod';
import { LucencyError } from '../../../core/errors.js';
import { type BackOff, sleep, waitSeconds } from '../delivery/back-off.js';
import { isTransient } from '../delivery/destination.js';
import { splitIncomingFile } from '../store/incoming-file.js';
import { isUid } from '../store/object-identity.js';
import type { ObjectStore } from '../store/object-store.js';
import { boundaryOf, MultipartError, readMultipart } from '../web/multipart.js';
import { readBody, type WebResponse, type WebServer } from '../web/web-server.js';
import type { Archive, FetchedStudy, FoundStudy, StudyQuery } from './archive.js';
import { queryTags } from './query-attributes.js';

const pageSize = 500;
const longestPage = 2 ** 26;
const backOff: BackOff = { firstSeconds: 1, mostSeconds: 60 };

/** The DICOM JSON model (PS3.18 F), as far as queries need it. */
const answerSchema = z.array(z.record(z.string(), z.object({ Value: z.array(z.unknown()).optional() })));
type Answer = z.infer<typeof answerSchema>[number];

function values(answer: Answer, tagValue: number): string[] {
  const key = tagValue.toString(16).padStart(8, '0').toUpperCase();
  return (answer[key]?.Value ?? []).map((value) => {
    if (typeof value !== 'object' || value === null) return String(value);
    // A person's name (PS3.18 F.2.2).
    return 'Alphabetic' in value ? String(value.Alphabetic) : '';
  });
}

function foundStudy(answer: Answer): FoundStudy {
  const text = (name: keyof typeof queryTags): string => values(answer, queryTags[name])[0] ?? '';
  const instances = Number.parseInt(text('NumberOfStudyRelatedInstances'), 10);
  return {
    studyInstanceUid: text('StudyInstanceUID'),
    patientId: text('PatientID'),
    patientName: text('PatientName'),
    studyDate: text('StudyDate'),
    accessionNumber: text('AccessionNumber'),
    modalities: values(answer, queryTags.ModalitiesInStudy),
    description: text('StudyDescription'),
    instances: Number.isNaN(instances) ? null : instances,
  };
}

interface InstancePlace {
  readonly series: string;
  readonly instance: string;
}

export interface WebArchiveOptions {
  readonly server: WebServer;
  readonly store: Pick<ObjectStore, 'find' | 'receive'>;
  /** Most tries of one instance. */
  readonly tries: number;
  readonly signal: AbortSignal;
  /** Told of an instance that cannot be kept; the others follow. */
  onRefused(instance: string, error: LucencyError): void;
}

/** An archive that is asked by QIDO-RS and gives by WADO-RS (PS3.18 10.4, 10.6), instance by instance. */
export class WebArchive implements Archive {
  readonly name: string;
  readonly #options: WebArchiveOptions;

  constructor(options: WebArchiveOptions) {
    this.#options = options;
    this.name = options.server.name;
  }

  async *find(query: StudyQuery): AsyncGenerator<FoundStudy> {
    const wanted = new URLSearchParams();
    const matches = {
      StudyInstanceUID: query.studyInstanceUid,
      PatientID: query.patientId,
      AccessionNumber: query.accessionNumber,
      StudyDate: query.studyDate,
      ModalitiesInStudy: query.modality,
    };
    for (const [name, value] of Object.entries(matches)) if (value !== undefined) wanted.append(name, value);
    for (const name of Object.keys(queryTags)) wanted.append('includefield', name);
    for await (const answer of this.#pages('/studies', wanted, queryTags.StudyInstanceUID)) {
      yield foundStudy(answer);
    }
  }

  /** Answers page by page, until a page brings nothing new: some servers give all at once, whatever is asked. */
  async *#pages(path: string, query: URLSearchParams, keyTag: number): AsyncGenerator<Answer> {
    const seen = new Set<string>();
    for (let offset = 0; ; offset += pageSize) {
      const page = new URLSearchParams(query);
      page.set('limit', String(pageSize));
      page.set('offset', String(offset));
      const answers = await this.#query(path, page);
      let fresh = 0;
      for (const answer of answers) {
        const [key = ''] = values(answer, keyTag);
        if (seen.has(key)) continue;
        seen.add(key);
        fresh++;
        yield answer;
      }
      if (fresh === 0 || answers.length < pageSize) return;
    }
  }

  async #query(path: string, query: URLSearchParams): Promise<Answer[]> {
    const { server } = this.#options;
    const headers = { accept: 'application/dicom+json' };
    const response = await server.exchange({ method: 'GET', path, query, headers });
    // 204: nothing matches.
    if (response.status !== 200 && response.status !== 204) throw server.refusal(response, 'QIDO-RS');
    const text = (await readBody(response, this.name, longestPage)).toString('utf8');
    if (text.trim() === '') return [];
    try {
      return answerSchema.parse(JSON.parse(text));
    } catch (cause) {
      const details = { peer: this.name, reason: 'it is no DICOM JSON' };
      throw new LucencyError('LUC_DICOM_NET_WEB_ANSWER', details, { cause });
    }
  }

  async fetch(studyInstanceUid: string, onProgress: (completed: number) => void): Promise<FetchedStudy> {
    let completed = 0;
    let failed = 0;
    for (const place of await this.#instances(studyInstanceUid)) {
      if (this.#options.signal.aborted) break;
      const known = await this.#options.store.find(studyInstanceUid, place.instance);
      if (known !== null || (await this.#retrieve(studyInstanceUid, place))) completed++;
      else failed++;
      onProgress(completed);
    }
    return { completed, failed };
  }

  async #instances(study: string): Promise<InstancePlace[]> {
    const [seriesTag, instanceTag] = [0x0020_000e, 0x0008_0018];
    const places: InstancePlace[] = [];
    const query = new URLSearchParams({ includefield: 'SeriesInstanceUID' });
    for await (const answer of this.#pages(`/studies/${study}/instances`, query, instanceTag)) {
      const [[series = ''], [instance = '']] = [values(answer, seriesTag), values(answer, instanceTag)];
      if (isUid(series) && isUid(instance)) places.push({ series, instance });
    }
    return places;
  }

  /** Whether the instance is here now. @throws when the server as a whole cannot be used */
  async #retrieve(study: string, place: InstancePlace): Promise<boolean> {
    const { tries, signal, onRefused } = this.#options;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#get(study, place);
      } catch (error) {
        if (!(error instanceof LucencyError)) throw error;
        if (error.concerns === 'object') {
          onRefused(place.instance, error);
          return false;
        }
        if (!isTransient(error) || failures >= tries) throw error;
        await sleep(waitSeconds(backOff, failures - 1), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  async #get(study: string, { series, instance }: InstancePlace): Promise<boolean> {
    const { server } = this.#options;
    const response = await server.exchange({
      method: 'GET',
      path: `/studies/${study}/series/${series}/instances/${instance}`,
      headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
    });
    if (response.status === 404 || response.status === 410) {
      response.body.resume();
      return false;
    }
    if (response.status !== 200) throw server.refusal(response, 'WADO-RS');
    let found = false;
    try {
      for await (const part of this.#files(response)) {
        await this.#keep(part, instance);
        found = true;
      }
    } catch (cause) {
      response.body.destroy();
      if (!(cause instanceof MultipartError)) throw cause;
      const details = { peer: this.name, reason: cause.message };
      throw new LucencyError('LUC_DICOM_NET_WEB_ANSWER', details, { cause });
    }
    return found;
  }

  async *#files(response: WebResponse): AsyncGenerator<AsyncIterable<Buffer>> {
    const bytes = this.#bytes(response);
    const boundary = boundaryOf(response.contentType);
    if (boundary === null) yield bytes;
    else for await (const { body } of readMultipart(bytes, boundary)) yield body;
  }

  /** The body as it comes; a broken transfer is a lost connection, not a file. */
  async *#bytes({ body }: WebResponse): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of body) yield chunk as Buffer;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LucencyError('LUC_DICOM_NET_CONNECTION_LOST', { peer: this.name, reason }, { cause });
    }
  }

  async #keep(source: AsyncIterable<Buffer>, instance: string): Promise<void> {
    const { header, headerBytes, dataSet } = await splitIncomingFile(source, instance);
    await this.#options.store.receive({ ...header, header: headerBytes, dataSet });
  }
}
