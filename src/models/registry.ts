import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LucencyError } from '../core/errors.js';
import type { ModelUse } from '../core/reading.js';
import { type Card, cardSchema } from './card.js';

/** A card together with the place of its weights. */
export interface RegisteredModel {
  readonly card: Card;
  readonly folder: string;
  /** Path of the ONNX file; null for models without a network, such as the combiner. */
  readonly weightsPath: string | null;
}

/** The folder `models/` of this package. */
export function defaultModelsFolder(): string {
  return fileURLToPath(new URL('../../models/', import.meta.url));
}

async function readCard(folder: string, id: string): Promise<Card> {
  const file = path.join(folder, 'card.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new LucencyError('LUC_MODEL_MISSING', { id, path: file }, { cause });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new LucencyError('LUC_MODEL_CARD_INVALID', { id, reason: 'it is not JSON' }, { cause });
  }
  const result = cardSchema.safeParse(parsed);
  if (!result.success) {
    const issue = result.error.issues[0];
    const reason = issue ? `${issue.path.join('.')}: ${issue.message}` : 'it does not fit the schema';
    throw new LucencyError('LUC_MODEL_CARD_INVALID', { id, reason });
  }
  if (result.data.id !== id) {
    throw new LucencyError('LUC_MODEL_CARD_INVALID', { id, reason: `it names itself ${result.data.id}` });
  }
  return result.data;
}

/** Models by id; none where there is no such folder. @throws LUC_MODEL_NONE when it cannot be read, LUC_MODEL_CARD_INVALID */
async function modelsIn(folder: string): Promise<ReadonlyMap<string, RegisteredModel>> {
  const models = new Map<string, RegisteredModel>();
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new LucencyError('LUC_MODEL_NONE', { path: folder }, { cause });
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    const modelFolder = path.join(folder, entry.name);
    if (!(await stat(path.join(modelFolder, 'card.json')).catch(() => null))) continue;
    const card = await readCard(modelFolder, entry.name);
    const weightsPath = card.file ? path.join(modelFolder, path.basename(card.file.name)) : null;
    models.set(card.id, { card, folder: modelFolder, weightsPath });
  }
  return models;
}

/** The models of one folder, by id. Cards are checked on opening, weights when they are read. */
export class ModelRegistry {
  readonly folder: string;
  readonly #models: ReadonlyMap<string, RegisteredModel>;

  private constructor(folder: string, models: ReadonlyMap<string, RegisteredModel>) {
    this.folder = folder;
    this.#models = models;
  }

  /**
   * Reads every `<id>/card.json` below the folder.
   * @throws LUC_MODEL_NONE when the folder has no models; LUC_MODEL_CARD_INVALID for a card that breaks the schema.
   */
  static async open(folder: string = defaultModelsFolder()): Promise<ModelRegistry> {
    const models = await modelsIn(folder);
    if (models.size === 0) throw new LucencyError('LUC_MODEL_NONE', { path: folder });
    return new ModelRegistry(folder, models);
  }

  /**
   * The models that the package brings; null where it came without any.
   * @throws LUC_MODEL_NONE when the folder is there and cannot be read; LUC_MODEL_CARD_INVALID as `open`
   */
  static async ofPackage(folder: string = defaultModelsFolder()): Promise<ModelRegistry | null> {
    const models = await modelsIn(folder);
    return models.size === 0 ? null : new ModelRegistry(folder, models);
  }

  all(): RegisteredModel[] {
    return [...this.#models.values()];
  }

  /** @throws LUC_MODEL_MISSING */
  get(id: string): RegisteredModel {
    const model = this.#models.get(id);
    if (!model) throw new LucencyError('LUC_MODEL_MISSING', { id, path: path.join(this.folder, id) });
    return model;
  }

  byTask(task: Card['task']): RegisteredModel[] {
    return this.all().filter((model) => model.card.task === task);
  }

  /**
   * The weights of a model, checked against the sum in its card.
   * @throws LUC_MODEL_MISSING, LUC_MODEL_TAMPERED
   */
  async readWeights(model: RegisteredModel): Promise<Uint8Array> {
    const { card, weightsPath } = model;
    if (!card.file || !weightsPath)
      throw new LucencyError('LUC_MODEL_MISSING', { id: card.id, path: model.folder });
    const bytes = await readFile(weightsPath).catch((cause: unknown) => {
      throw new LucencyError('LUC_MODEL_MISSING', { id: card.id, path: weightsPath }, { cause });
    });
    if (createHash('sha256').update(bytes).digest('hex') !== card.file.sha256) {
      throw new LucencyError('LUC_MODEL_TAMPERED', { id: card.id });
    }
    return bytes;
  }
}

/** How a reading names a model that took part in it. */
export function modelUse({ card }: RegisteredModel): ModelUse {
  return {
    id: card.id,
    version: card.version,
    // A model without weights is its card: the sum of the facts that change its answers.
    sha256: card.file?.sha256 ?? createHash('sha256').update(JSON.stringify(card.combiner)).digest('hex'),
    ...(card.simulatedOnly ? { trainedOnSimulatedDataOnly: true } : {}),
  };
}
