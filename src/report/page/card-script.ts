import { CARD_KIND, resultCard } from '../../metrics/card.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { type Html, inlineJson } from '../drawing/safe-html.ts'

/** The card of a comparison as an element of its page, where `pilotlight source` and `pilotlight verify` find it. */
export function cardScript(comparison: Comparison): Html {
  return inlineJson(CARD_KIND, resultCard(comparison))
}
