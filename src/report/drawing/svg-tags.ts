/** A piece of an SVG document. */
export type Tag =
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: Readonly<Record<string, string>>
      readonly isEmpty: boolean
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" }

/** The pieces of an SVG document that this project has written: sound XML without comments, sections of CDATA and the like. */
export function tagsOf(svg: string): readonly Tag[] {
  return [...svg.matchAll(/<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g)].map(
    ([, slash, name, list = '', isEmpty, text]): Tag => {
      if (text !== undefined) return { kind: 'text', text: plain(text) }
      if (slash === '/') return { kind: 'close', name: name! }
      const pairs = [...list.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)] as const)
      return { kind: 'open', name: name!, attributes: Object.fromEntries(pairs), isEmpty: isEmpty === '/' }
    },
  )
}

function plain(text: string): string {
  return text.replaceAll(/&([a-z]+|#\d+);/g, (entity, name: string) => ENTITIES[name] ?? entity)
}
