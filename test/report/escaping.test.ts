import { describe, expect, it } from 'vitest'
import { captioned } from '../../src/report/drawing/caption.ts'
import { escapeXml, safeHtml, inlineJson, inlineScript } from '../../src/report/drawing/safe-html.ts'
import { printable } from '../../src/core/printable.ts'

describe('html', () => {
  it('escapes texts and numbers, and takes pieces of HTML as they are', () => {
    const row = safeHtml`<td>${'<b> & "q" \'s\''}</td>`
    expect(safeHtml`<tr title="${'"'}">${[row, row]}${3}</tr>`.html).toBe(
      `<tr title="&quot;">${'<td>&lt;b&gt; &amp; &quot;q&quot; &#39;s&#39;</td>'.repeat(2)}3</tr>`,
    )
  })

  it('lets nothing in a script end its element, and keeps what it means', () => {
    const { html: element } = inlineScript(`run('</script><!-- x', a<b)`)
    expect(element).toBe(String.raw`<script>run('\x3C/script>\x3C!-- x', a<b)</script>`)
  })

  it('lets nothing in data end its element, and keeps the data', () => {
    const { html: element } = inlineJson('data', { label: '</script><script>' })
    const content = element.slice(element.indexOf('>') + 1, element.lastIndexOf('<'))
    expect(content).not.toContain('<')
    expect(JSON.parse(content)).toEqual({ label: '</script><script>' })
  })

  it('escapes what XML would take for markup', () => {
    expect(escapeXml(`&lt; <a b="c" d='e'>`)).toBe('&amp;lt; &lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;')
  })
})

describe('printable', () => {
  it('spells out control characters in keys and values, at any depth, and lone surrogates', () => {
    const value = { 'a\u001B': ['x\ny', { deep: '\u0000\uD800', none: null, number: 1.5 }] }
    expect(printable(value)).toEqual({
      [String.raw`a\u001b`]: [String.raw`x\u000ay`, { deep: String.raw`\u0000` + '\uFFFD', none: null, number: 1.5 }],
    })
  })
})

describe('captioned', () => {
  const inner = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"></svg>'

  it('adds the facts below a picture, in lines that fit, losing none of their letters', () => {
    const digest = 'f'.repeat(64)
    const svg = captioned(inner, [
      { term: 'trace', text: '<a & b>' },
      { term: 'digest', text: digest },
    ])
    const lines = [...svg.matchAll(/<tspan[^>]*>([^<]*)<\/tspan>/g)].map(([, line]) => line!)
    expect(lines.length).toBeGreaterThan(2)
    expect(lines.join('').replaceAll(' ', '')).toBe(`trace:&lt;a&amp;b&gt;·digest:${digest}`)
    expect(svg).toContain(`height="${50 + lines.length * 13 + 12}"`)
  })
})
