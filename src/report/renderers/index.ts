import { registry } from '../../core/registry.ts'
import type { Renderer } from '../renderer.ts'
import { card } from './card.ts'
import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { md } from './md.ts'
import { pdf } from './pdf.ts'
import { png } from './png.ts'
import { svg } from './svg.ts'
import { text } from './text.ts'

/** Every format of a report. */
export const RENDERERS = registry<Renderer>('report format', [text, html, svg, pdf, png, md, csv, json, card])
