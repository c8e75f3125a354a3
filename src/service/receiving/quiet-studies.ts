/** Notices when nothing more has come of a study for a while: modalities send images one by one. */
export class QuietStudies {
  readonly #quietMs: number;
  readonly #onQuiet: (study: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(quietSeconds: number, onQuiet: (study: string) => void) {
    this.#quietMs = quietSeconds * 1000;
    this.#onQuiet = onQuiet;
  }

  /** An object of the study has come: the wait begins anew. */
  arrived(study: string): void {
    clearTimeout(this.#timers.get(study));
    const timer = setTimeout(() => {
      this.#timers.delete(study);
      this.#onQuiet(study);
    }, this.#quietMs);
    this.#timers.set(study, timer);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
