/** A question of the site, as a search result. */
export interface FoundAnswer {
  readonly id: string;
  readonly question: string;
  /** Relevance; larger is better, and only comparable within one reply. */
  readonly score: number;
}

/** Why a question gets a fixed reply instead of an answer. */
export type FixedReplyKind =
  | 'empty'
  | 'too-long'
  | 'other-language'
  | 'emergency'
  | 'crisis'
  | 'diagnosis'
  | 'out-of-topic'
  | 'no-match';

/** One of the fixed texts. */
export interface FixedReply {
  readonly kind: FixedReplyKind;
  /** The question as it was understood, cleaned; may be empty. */
  readonly question: string;
  readonly text: readonly string[];
  /** Code of the language of the first sentences of `text`, and how many they are; null when all are in one. */
  readonly foreign: { readonly language: string; readonly sentences: number } | null;
  /** Answers that may still help. */
  readonly others: readonly FoundAnswer[];
}

/** What the asker gets: an answer of the site, or one of the fixed texts. Nothing is made up at run time. */
export type AskReply =
  | {
      readonly kind: 'answer';
      readonly question: string;
      readonly best: FoundAnswer;
      readonly others: readonly FoundAnswer[];
    }
  | FixedReply;
