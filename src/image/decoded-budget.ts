import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { LucencyError } from '../core/errors.js';

/**
 * How many bytes of decoded pixels the process may hold at once, all threads and all inputs in flight together. Counted in
 * KiB in memory that the threads share; each thread has a slot of its own, so that what a thread held that had to be
 * stopped can be given back.
 */

const defaultBytes = 2 ** 30;
const unit = 1024;
const slots = 64;
const LIMIT = 0;
const USED = 1;
const firstSlot = 2;
/** Between two looks whether others have let go, milliseconds. */
const pause = 10;
/** Milliseconds after which an input is refused for want of memory. */
const longestWait = 30_000;

/** What a worker thread is given to take part in the budget of its process. */
export interface BudgetShare {
  readonly memory: SharedArrayBuffer;
  readonly slot: number;
}

function kibibytes(bytes: number): number {
  return Math.ceil(bytes / unit);
}

export class DecodedBudget {
  readonly #cells: Int32Array;
  readonly #memory: SharedArrayBuffer;
  readonly #slot: number;
  private constructor({ memory, slot }: BudgetShare) {
    this.#memory = memory;
    this.#cells = new Int32Array(memory);
    this.#slot = firstSlot + slot;
  }

  /** A budget of its own. */
  static of(bytes: number): DecodedBudget {
    const budget = new DecodedBudget({
      memory: new SharedArrayBuffer(4 * (firstSlot + slots)),
      slot: 0,
    });
    budget.limit = bytes;
    return budget;
  }

  /** Part of another thread's budget. */
  static joined(share: BudgetShare): DecodedBudget {
    return new DecodedBudget(share);
  }

  /** Most bytes, at most 2 TiB. */
  get limit(): number {
    return Atomics.load(this.#cells, LIMIT) * unit;
  }

  set limit(bytes: number) {
    Atomics.store(this.#cells, LIMIT, Math.min(kibibytes(bytes), 2 ** 31 - 1));
  }

  /** Bytes that are held now. */
  get used(): number {
    return Atomics.load(this.#cells, USED) * unit;
  }

  /** The share of the thread with this number. Far fewer threads live at once than there are slots. */
  share(thread: number): BudgetShare {
    return { memory: this.#memory, slot: thread % slots };
  }

  /** Gives back what a thread held that is no more. */
  giveUp({ slot }: BudgetShare): void {
    const held = Atomics.exchange(this.#cells, firstSlot + slot, 0);
    Atomics.sub(this.#cells, USED, held);
  }

  #tryToHold(amount: number): boolean {
    for (;;) {
      const used = Atomics.load(this.#cells, USED);
      if (used + amount > Atomics.load(this.#cells, LIMIT)) return false;
      if (Atomics.compareExchange(this.#cells, USED, used, used + amount) !== used) continue;
      Atomics.add(this.#cells, this.#slot, amount);
      return true;
    }
  }

  /**
   * Waits until so many bytes may be held.
   * @param name of the input, for the error
   * @returns what gives them back
   * @throws LUC_IMAGE_BUDGET when there are more than the whole budget, or others hold it for too long
   */
  async hold(bytes: number, name: string): Promise<() => void> {
    const amount = kibibytes(bytes);
    if (bytes > this.limit) {
      throw new LucencyError('LUC_IMAGE_BUDGET', { path: name, needed: bytes, limit: this.limit });
    }
    for (let waited = 0; !this.#tryToHold(amount); waited += pause) {
      // Whoever holds the rest may wait for us in turn: better an error than to wait for ever.
      if (waited >= longestWait) {
        throw new LucencyError('LUC_IMAGE_BUDGET', { path: name, needed: bytes, limit: this.limit });
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      // What was given up for this thread is not given back again.
      const before = Atomics.load(this.#cells, this.#slot);
      const back = Math.min(before, amount);
      Atomics.sub(this.#cells, this.#slot, back);
      Atomics.sub(this.#cells, USED, back);
    };
  }
}

const sharedAs = 'lucency: memory of the budget of decoded bytes';

/** The budget of the main thread: handed to every thread that is begun later, and told of every thread that ends. */
function shared(): DecodedBudget {
  const own = DecodedBudget.of(defaultBytes);
  setEnvironmentData(sharedAs, own.share(0).memory);
  process.on('worker', (worker) => {
    const share = own.share(worker.threadId);
    worker.once('exit', () => own.giveUp(share));
  });
  return own;
}

function joined(): DecodedBudget {
  const memory = getEnvironmentData(sharedAs);
  if (!(memory instanceof SharedArrayBuffer)) return DecodedBudget.of(defaultBytes);
  return DecodedBudget.joined({ memory, slot: threadId % slots });
}

// When this module is loaded, so that no thread that decodes was begun before.
const budget = isMainThread ? shared() : joined();

/** The budget of this process: 1 GiB unless set; in a worker thread that of its process. */
export function decodedBudget(): DecodedBudget {
  return budget;
}
