/** One thing that is wrong with the evidence base or an answer. */
export interface Problem {
  /** The entry: a study or answer id, or the name of a wording file. */
  readonly where: string;
  readonly what: string;
}
