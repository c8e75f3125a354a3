import type { ComposeContext } from '../../evidence/compose-context.js';
import type { Card } from '../../models/card.js';
import type { SiteText } from './site-text.js';

/** What every page is made from. */
export interface SiteContext extends ComposeContext {
  readonly text: SiteText;
  readonly cards: readonly Card[];
  /** ISO date on which the site is built. */
  readonly today: string;
}
